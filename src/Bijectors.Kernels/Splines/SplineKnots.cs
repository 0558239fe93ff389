using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// The knots of a spline through <c>(-bound, -bound)</c> and <c>(bound, bound)</c>, from raw numbers; the caller's
/// dispose scope takes its tensors.
/// </summary>
internal sealed class SplineKnots
{
    /// <summary>The least share of a bin, and the least slope.</summary>
    public const double Least = 1e-3;

    private readonly double _bound;
    private readonly double _least;
    private readonly Tensor _x;
    private readonly Tensor _widths;
    private readonly Tensor _y;
    private readonly Tensor _heights;
    private readonly Tensor _slopes;

    public SplineKnots(Tensor widths, Tensor heights, Tensor slopes, SplineForm form)
    {
        (_bound, _least) = (form.Bound, form.LeastSize);
        (_x, _widths) = Knots(widths);
        (_y, _heights) = Knots(heights);
        var positive = form.LeastSlope + TorchPointwise.Softplus(slopes);
        _slopes = form.Tails switch
        {
            SplineTails.Identity => SplineBins.Padded(positive, 1, 1),
            SplineTails.Circular => cat([positive, positive.narrow(-1, 0, 1)], -1),
            _ => positive,
        };
    }

    /// <summary>The slopes at both ends.</summary>
    public (Tensor Low, Tensor High) EndSlopes => (_slopes.select(-1, 0), _slopes.select(-1, _slopes.size(-1) - 1));

    /// <summary>The bins that points x fall into.</summary>
    public Bin BinOfX(Tensor x) => Find(x, _x);

    /// <summary>The bins that points y fall into.</summary>
    public Bin BinOfY(Tensor y) => Find(y, _y);

    private (Tensor Knots, Tensor Sizes) Knots(Tensor raw)
    {
        var shares = SplineBins.Shares(raw, _least);
        return (SplineBins.Knots(shares, _bound), 2 * _bound * shares);
    }

    private Bin Find(Tensor points, Tensor knots)
    {
        var inside = broadcast_tensors(points.clamp(-_bound, _bound), knots.select(-1, 0))[0];
        var index = SplineBins.Index(inside, knots);
        var (begin, end) = (At(knots, index), At(knots, index + 1));

        // Sizes from their shares: the difference of two knots has lost digits where the bin is small.
        return new(
            At(_x, index), At(_x, index + 1), At(_widths, index), At(_y, index), At(_y, index + 1), At(_heights, index),
            At(_slopes, index), At(_slopes, index + 1), inside - begin, end - inside);
    }

    private static Tensor At(Tensor values, Tensor index) => SplineBins.At(values, index);

    /// <summary>
    /// A bin for each point: where it begins, ends, and how large it is, the slopes at its ends, and how far the
    /// point is from both.
    /// </summary>
    public sealed record Bin(
        Tensor Left, Tensor Right, Tensor Width, Tensor Bottom, Tensor Top, Tensor Height, Tensor SlopeLeft,
        Tensor SlopeRight, Tensor Before, Tensor Behind)
    {
        /// <summary>s, the mean slope.</summary>
        public Tensor Steepness { get; } = Height / Width;

        /// <summary><c>s + (d_k + d_k+1 - 2s) t (1-t)</c>, as a sum of what is positive.</summary>
        /// <param name="t">t</param>
        /// <param name="rest"><c>1 - t</c></param>
        public Tensor Denominator(Tensor t, Tensor rest) =>
            (Steepness * (t.square() + rest.square())) + ((SlopeLeft + SlopeRight) * t * rest);
    }
}
