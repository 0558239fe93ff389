using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>Residual networks, by the kernels where those can take them; the only place where this is
/// decided.</summary>
internal static class FusedResidual
{
    // The kernel copies all weights at each call: with fewer rows that is not worth it.
    private const long LeastRows = 16;

    // Nor is it where the weights do not fit into a cache, but for many rows. Masked, torch reads them several times
    // and multiplies by zeros.
    private const long ManyWeights = 1 << 20;
    private const long ManyMaskedWeights = 1 << 22;
    private const long LeastRowsForMany = 256;

    /// <summary>Maps points, with a graph where one is asked for.</summary>
    /// <param name="x"><c>(..., inputs)</c></param>
    /// <param name="parameters">Weight and bias of every layer: the first, two for each residual block, the
    /// last.</param>
    /// <param name="masks">Which weights count, for every layer; null for all, and where the others are 0.</param>
    /// <param name="staircases">The same, for every layer, several for equal parts of the last one; null for
    /// all.</param>
    /// <param name="sorting">How points and results are sorted for the staircases; null where they are as they
    /// stand.</param>
    /// <returns>A fresh tensor <c>(..., outputs)</c>.</returns>
    public static Tensor Map(
        Tensor x, IEnumerable<Tensor> parameters, IReadOnlyList<Tensor>? masks = null,
        IReadOnlyList<Staircase>? staircases = null, SortedFeatures? sorting = null)
    {
        Tensor[] tensors = [x, .. parameters];
        if (!Takes(tensors, staircases))
        {
            return TorchResidual.Map(tensors, masks);
        }

        Backward.Release();
        var call = new ResidualCall(masks, staircases, sorting);
        using var sorted = sorting?.Sort(x);
        tensors[0] = sorted ?? x;
        var result = is_grad_enabled() && tensors.Any(t => t.requires_grad)
            ? ResidualFunction.Apply(tensors, call) : call.Map(tensors, keep: false).Result;
        if (sorting is null)
        {
            return result;
        }

        using (result)
        {
            return sorting.UnsortResult(result);
        }
    }

    /// <summary>Whether the kernels take points, then weight and bias of every layer.</summary>
    public static bool Takes(IReadOnlyList<Tensor> tensors, IReadOnlyList<Staircase>? staircases = null)
    {
        var x = tensors[0];
        var rows = x.dim() == 0 ? 0 : x.numel() / Math.Max(1, x.size(-1));
        var widest = tensors.Skip(1).Max(t => t.size(0));

        // Spans of bytes reach no further than an int.
        var many = staircases is null ? ManyWeights : ManyMaskedWeights;
        return x.dtype is ScalarType.Float32 or ScalarType.Float64
            && rows >= (Weights(tensors, staircases) < many ? LeastRows : LeastRowsForMany)
            && rows * Math.Max(widest, x.size(-1)) * tensors.Count * x.ElementSize < int.MaxValue
            && tensors.All(t => TensorMemory.Has(t, x.dtype));
    }

    private static long Weights(IReadOnlyList<Tensor> tensors, IReadOnlyList<Staircase>? staircases) =>
        staircases?.Sum(stairs => stairs.Count) ?? tensors.Skip(1).Sum(t => t.numel());
}
