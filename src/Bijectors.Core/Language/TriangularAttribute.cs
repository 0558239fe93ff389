namespace Bijectors;

/// <summary>
/// Promises that a square matrix is triangular, with no zero on its diagonal, always. Then <c>torch.matmul(x, L)</c> is
/// undone by substitution, and its log-det is the sum of the logarithms on the diagonal. A parameter is not made
/// triangular by this: write <c>torch.tril(w, -1) + torch.eye(n)</c>, which the compiler understands.
/// </summary>
[AttributeUsage(
    AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Method | AttributeTargets.ReturnValue)]
public sealed class TriangularAttribute : Attribute
{
    /// <summary>Whether it is the lower left that is zero; else it is the upper right.</summary>
    public bool Upper { get; set; }

    /// <summary>Whether all entries on the diagonal are 1.</summary>
    public bool UnitDiagonal { get; set; }
}
