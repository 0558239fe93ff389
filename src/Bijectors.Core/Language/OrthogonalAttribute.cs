namespace Bijectors;

/// <summary>
/// Promises that a square matrix Q is orthogonal, <c>Q Q' = I</c>, always: a rotation, a reflection, a permutation of the entries. Then <c>torch.matmul(x, Q)</c> is
/// undone by its transpose, and preserves volume.
/// </summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Method | AttributeTargets.ReturnValue)]
public sealed class OrthogonalAttribute : Attribute;
