using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// The elementwise parts of affine couplings by kernels, where those can take them and are faster than torch; the only
/// place where this is decided.
/// </summary>
internal static class FusedAffine
{
    // A custom function costs some 50 us a call, the few operations of torch some us each: only passes over the memory
    // that are saved make up for it.
    private const long Least = 1 << 17;

    // Without a graph the kernel is called alone.
    private const long LeastWithoutGraph = 1 << 16;

    // Rows are begun one by one: short ones are mostly that.
    private const long LeastRow = 16;

    /// <summary>
    /// <c>x exp(s) + t</c>, or <c>(x - t) exp(-s)</c> for the inverse; null where the torch code has to.
    /// </summary>
    /// <returns>A fresh tensor.</returns>
    public static Tensor? ScaleShift(Tensor x, Tensor logScale, Tensor shift, bool inverse)
    {
        if (!Takes(out var graph, x, logScale, shift))
        {
            return null;
        }

        Backward.Release();
        return graph
            ? ScaleShiftFunction.Apply(x, logScale, shift, inverse)
            : ScaleShiftFunction.Map(x, logScale, shift, inverse);
    }

    /// <summary><c>limit tanh(s / limit)</c>; null where the torch code has to.</summary>
    /// <returns>A fresh tensor.</returns>
    public static Tensor? Bounded(Tensor raw, double limit)
    {
        if (!Takes(out var graph, raw))
        {
            return null;
        }

        Backward.Release();
        return graph ? BoundedFunction.Apply(raw, limit) : BoundedFunction.Map(raw, limit);
    }

    private static bool Takes(out bool graph, params ReadOnlySpan<Tensor> tensors)
    {
        // Asked first: everything else that is asked costs a small tensor more than its mathematics, and a scalar has
        // no last dimension.
        graph = false;
        var first = tensors[0];
        var count = first.numel();
        if (count < LeastWithoutGraph)
        {
            return false;
        }

        if (is_grad_enabled())
        {
            foreach (var tensor in tensors)
            {
                graph |= tensor.requires_grad;
            }
        }

        if (first.size(-1) < LeastRow || (graph && count < Least) || count * first.ElementSize >= int.MaxValue)
        {
            return false;
        }

        foreach (var tensor in tensors)
        {
            if (!TensorMemory.Has(tensor, first.dtype) || !tensor.shape.AsSpan().SequenceEqual(first.shape))
            {
                return false;
            }
        }

        return true;
    }
}
