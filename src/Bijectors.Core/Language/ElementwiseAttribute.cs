namespace Bijectors;

/// <summary>
/// Promises that a method works element by element: entry i of the result depends on entry i of each tensor argument only. Then it may stand between a
/// <see cref="CausalAttribute">[Causal]</see> function and the part.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ElementwiseAttribute : Attribute;
