using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// Solves <c>x[p] + sum_k A_k x[p - o_k] = y[p]</c> for images, pixel after pixel, by the kernel where that can take
/// them; the only place where this is decided.
/// </summary>
internal static class FusedSubstitution
{
    // Where the pixels of all taps are lies on the stack.
    private const int MostTaps = 1024;

    /// <summary>The solution, with a graph where one is asked for.</summary>
    /// <param name="y">Images <c>(N, C, height, width)</c>.</param>
    /// <param name="taps">The matrices A, <c>(K, C, C)</c>.</param>
    /// <param name="order">Where the taps lie.</param>
    /// <returns>A fresh tensor of the shape of y.</returns>
    public static Tensor Solve(Tensor y, Tensor taps, TapOrder order) =>
        is_grad_enabled() && (y.requires_grad || taps.requires_grad)
            ? SubstitutionFunction.Apply(y, taps, order)
            : Values(y, taps, order);

    /// <summary>The solution without a graph.</summary>
    /// <inheritdoc cref="Solve"/>
    public static Tensor Values(Tensor y, Tensor taps, TapOrder order)
    {
        using var ungraded = no_grad();
        Backward.Release();
        return Takes(y, taps) ? SubstitutionKernel.Solve(y, taps, order) : TorchSubstitution.Solve(y, taps, order);
    }

    /// <summary>Whether the kernel takes the images.</summary>
    public static bool Takes(Tensor y, Tensor taps)
    {
        // Spans of bytes reach no further than an int.
        var images = Math.Max(y.size(0), Vectors.Lanes<float>());
        return y.numel() > 0 && taps.size(0) is > 0 and <= MostTaps
            && TensorMemory.Has(y, y.dtype) && TensorMemory.Has(taps, y.dtype)
            && 2 * images * (y.numel() / y.size(0)) * y.ElementSize < int.MaxValue
            && taps.numel() * y.ElementSize < int.MaxValue;
    }
}
