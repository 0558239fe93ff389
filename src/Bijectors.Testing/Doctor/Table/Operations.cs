namespace Bijectors.Testing.Doctor;

/// <summary>
/// The operations of torch that this library uses, and those that it once used and users' networks still do.
/// </summary>
internal static class Operations
{
    /// <summary>All rows.</summary>
    public static IReadOnlyList<Operation> All { get; } =
    [
        .. Convolutions.Rows, .. LinearAlgebra.Rows, .. LargeMatrices.Rows, .. Functions.Rows, .. Overwriting.Rows,
        .. Pairs.Rows, .. Reductions.Rows, .. Choices.Rows, .. Rearrangements.Rows, .. Drawings.Rows,
    ];
}
