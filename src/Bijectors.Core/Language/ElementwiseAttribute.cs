namespace Bijectors;

/// <summary>
/// Promises that a method works element by element: entry i of the result depends on entry i of each tensor argument
/// only. Then it may stand between a <see cref="CausalAttribute">[Causal]</see> function and the part.
/// </summary>
/// <remarks>
/// On an argument of a row of one's own (<see cref="PrimitiveAttribute">[Primitive]</see>, <see
/// cref="MonotoneAttribute">[Monotone]</see>) it promises that entry i of the result depends on entry i of that
/// argument only, and on nothing that tells where the entry stands: what the row and its inverse give of one entry
/// alone is what they give of it among all others. Then that argument may be computed from the part itself by a
/// [Causal] function. On the row's method it speaks of all its tensor arguments.
/// </remarks>
/// <param name="trailing">How many dimensions the argument has behind those of the part: 1 for <c>(..., D, K)</c>, K
/// numbers for each entry.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Parameter)]
public sealed class ElementwiseAttribute(int trailing = 0) : Attribute
{
    /// <summary>How many dimensions the argument has behind those of the part.</summary>
    public int Trailing { get; } = trailing;
}
