using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// Bins of [-bound, bound], from raw numbers, and which of them points fall into; the caller's dispose scope takes the
/// tensors.
/// </summary>
internal static class SplineBins
{
    /// <summary>Positive shares <c>(..., K)</c> of sum 1, each at least a given one.</summary>
    public static Tensor Shares(Tensor raw, double least) =>
        least + ((1 - (least * raw.size(-1))) * raw.softmax(-1));

    /// <summary>The K + 1 ends of bins of given shares.</summary>
    public static Tensor Knots(Tensor shares, double bound)
    {
        var inner = (2 * bound * shares.narrow(-1, 0, shares.size(-1) - 1).cumsum(-1)) - bound;

        // Both ends exactly, not up to the rounding of a sum.
        return Padded(inner, -bound, bound);
    }

    /// <summary>The same with a number before and one behind.</summary>
    public static Tensor Padded(Tensor inner, double first, double last)
    {
        long[] one = [.. inner.shape[..^1], 1];
        return cat(
            [
                full(one, first, inner.dtype, inner.device),
                inner,
                full(one, last, inner.dtype, inner.device),
            ],
            -1);
    }

    /// <summary>The number of the bin of each point, <c>(..., 1)</c>.</summary>
    public static Tensor Index(Tensor inside, Tensor knots) =>
        (inside.unsqueeze(-1) >= knots.narrow(-1, 1, knots.size(-1) - 2)).sum(-1, keepdim: true);

    /// <summary>What a table says of each point's bin.</summary>
    public static Tensor At(Tensor values, Tensor index) =>
        values.expand([.. index.shape[..^1], values.size(-1)]).gather(-1, index).squeeze(-1);
}
