using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Determinants of batches of square matrices.</summary>
internal static class Determinants
{
    // Where several threads factor the matrices of a batch, each calls an LU of MKL that divides large matrices among
    // threads once more: seen at 192 x 192, the factors were wrong or the call never returned. Up to 100 x 100 all was
    // right, and so is each separately.
    private const long LargestInBatches = 64;

    /// <summary><c>log|det A|</c> of each, <c>(batch...)</c>.</summary>
    /// <param name="matrices"><c>(batch..., D, D)</c>.</param>
    public static Tensor LogAbs(Tensor matrices)
    {
        if (matrices.device_type != DeviceType.CPU || matrices.size(-1) <= LargestInBatches
            || matrices.dim() == 2 || matrices.numel() == 0)
        {
            return Together(matrices);
        }

        using var scope = NewDisposeScope();
        var flat = matrices.flatten(0, -3);
        var each = Enumerable.Range(0, (int)flat.size(0)).Select(i => Together(flat.select(0, i)));
        return stack(each).reshape(matrices.shape[..^2]).MoveToOuterDisposeScope();
    }

    private static Tensor Together(Tensor matrices)
    {
        var (sign, logAbsDet) = linalg.slogdet(matrices);
        sign.Dispose();
        return logAbsDet;
    }
}
