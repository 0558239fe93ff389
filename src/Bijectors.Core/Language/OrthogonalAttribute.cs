namespace Bijectors;

/// <summary>
/// Promises that a square matrix Q is orthogonal, <c>Q Q' = I</c>, always: a rotation, a reflection, a permutation of
/// the entries. Then <c>torch.matmul(x, Q)</c> is undone by its transpose, and preserves volume. Of a matrix with more
/// rows than columns, as in Sylvester's maps, it promises orthonormal columns, <c>Q' Q = I</c>.
/// </summary>
[AttributeUsage(
    AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Method | AttributeTargets.ReturnValue)]
public sealed class OrthogonalAttribute : Attribute;
