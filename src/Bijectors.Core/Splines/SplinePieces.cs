using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The bins of a monotone spline of [-bound, bound] onto itself; the caller's dispose scope takes the tensors.
/// </summary>
internal class SplinePieces
{
    private readonly double _bound;
    private readonly SplineEnds _ends;

    /// <summary>Bins of given shares, <c>(..., K)</c> in both directions.</summary>
    public SplinePieces(Tensor widths, Tensor heights, double bound, SplineEnds ends)
    {
        (_bound, _ends) = (bound, ends);
        (X, Y) = (SplineBins.Knots(widths, bound), SplineBins.Knots(heights, bound));
        (Widths, Heights) = (2 * bound * widths, 2 * bound * heights);
    }

    /// <summary>The K + 1 knots.</summary>
    public Tensor X { get; }

    /// <summary>The values at the knots.</summary>
    public Tensor Y { get; }

    /// <summary>The widths of the K bins.</summary>
    public Tensor Widths { get; }

    /// <summary>Their heights.</summary>
    public Tensor Heights { get; }

    /// <summary>Points x, moved into the interval, and the bins that they fall into.</summary>
    public (Tensor Inside, Tensor Index) BinOfX(Tensor x) => Bin(x, X);

    /// <summary>Points y, moved into the interval, and the bins that they fall into.</summary>
    public (Tensor Inside, Tensor Index) BinOfY(Tensor y) => Bin(y, Y);

    /// <summary>What a table says of each point's bin.</summary>
    public Tensor At(Tensor table, Tensor index) => SplineBins.At(table, index);

    /// <summary>What a table of knots says at the right end of each point's bin.</summary>
    public Tensor AtNext(Tensor knots, Tensor index) => SplineBins.At(knots, index + 1);

    /// <summary>What holds in the tails where points lie there, and what holds inside elsewhere.</summary>
    public Tensor Outside(Tensor points, Tensor tails, Tensor inside)
    {
        // NaN is not outside: it goes through the spline and stays NaN.
        var outside = (points < -_bound) | (points > _bound);
        return where(outside, _ends == SplineEnds.Closed ? full_like(inside, double.NaN) : tails, inside);
    }

    private (Tensor Inside, Tensor Index) Bin(Tensor points, Tensor knots)
    {
        var inside = broadcast_tensors(points.clamp(-_bound, _bound), knots.select(-1, 0))[0];
        return (inside, SplineBins.Index(inside, knots));
    }
}
