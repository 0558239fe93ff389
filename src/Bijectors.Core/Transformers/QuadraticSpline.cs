using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Monotone piecewise-quadratic maps of [-bound, bound] onto itself, integrals of a continuous piecewise-linear slope
/// d: in bin k of width w, with <c>t = (x - x_k) / w</c>, <c>y = y_k + w (d_k t + (d_k+1 - d_k) t^2 / 2)</c>,
/// <c>dy/dx = d_k + (d_k+1 - d_k) t</c>; parameters <c>[widths (K) | slopes]</c>.
/// </summary>
/// <remarks>
/// Widths are softmax of raw numbers; slopes are softplus of raw numbers, scaled so that the map is onto: one for each
/// of the K - 1 knots inside where the map is the identity outside, with slope 1 at both ends, and K + 1 where it is
/// closed. Source: Mueller et al. 2019, Neural importance sampling, arXiv 1808.03856, section 4.2; least sizes as in
/// nflows.
/// </remarks>
[GeneratedBijector]
public sealed partial class QuadraticSpline : Transformer
{
    private readonly int _bins;
    private readonly double _bound;
    private readonly SplineEnds _ends;
    private readonly double _leastSize;

    /// <summary>Splines.</summary>
    /// <param name="bins">The number K of bins, at least 2 where the map is the identity outside.</param>
    /// <param name="bound">Half the length of the interval.</param>
    /// <param name="ends">The identity outside, or closed.</param>
    /// <param name="leastSize">The least share of a bin in width, and the least slope of a closed map.</param>
    /// <exception cref="ArgumentException">A number is out of range, or there are no such ends.</exception>
    public QuadraticSpline(
        int bins = 8, double bound = 3, SplineEnds ends = SplineEnds.Identity, double leastSize = SplineKnots.Least)
    {
        _bins = SplineNumbers.Bins(nameof(QuadraticSpline), bins, leastSize);
        Numbers.CheckPositive(nameof(QuadraticSpline), bound);
        _bound = bound;
        _ends = SplineNumbers.IdentityOrClosed(nameof(QuadraticSpline), ends);
        if (bins == 1 && ends == SplineEnds.Identity)
        {
            throw new ArgumentException(
                "QuadraticSpline: expected 2 bins or more, since both ends have slope 1, got 1.", nameof(bins));
        }

        _leastSize = leastSize;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Groups => [_bins, _ends == SplineEnds.Closed ? _bins + 1 : _bins - 1];

    /// <inheritdoc/>
    public override bool IsStacked => false;

    /// <inheritdoc/>
    public override Domain Domain => SplineNumbers.Domain(_ends, _bound);

    /// <inheritdoc/>
    public override Domain Codomain => Domain;

    /// <inheritdoc/>
    public override double IntermediateSize => _bound;

    /// <summary>The type and the bins.</summary>
    public override string ToString() => $"QuadraticSpline({_bins})";

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var parameters = Parameters(context, x.dim());
        return Parabolas(x, parameters[0], parameters[1]);
    }

    [Primitive(nameof(ParabolasInverse), nameof(ParabolasLogSlope))]
    private Tensor Parabolas(Tensor x, Tensor widths, Tensor slopes)
    {
        using var scope = NewDisposeScope();
        var (spline, knots) = Pieces(widths, slopes);
        var (inside, index) = spline.BinOfX(x);
        var width = spline.At(spline.Widths, index);
        var (left, right) = (spline.At(knots, index), spline.AtNext(knots, index));
        var t = (inside - spline.At(spline.X, index)) / width;
        var y = spline.At(spline.Y, index) + (width * t * (left + ((right - left) * t / 2)));
        return spline.Outside(x, x, y).MoveToOuterDisposeScope();
    }

    private Tensor ParabolasInverse(Tensor y, Tensor widths, Tensor slopes)
    {
        using var scope = NewDisposeScope();
        var (spline, knots) = Pieces(widths, slopes);
        var (inside, index) = spline.BinOfY(y);
        var width = spline.At(spline.Widths, index);
        var (left, right) = (spline.At(knots, index), spline.AtNext(knots, index));
        var part = (inside - spline.At(spline.Y, index)) / width;

        // The root of (d_k+1 - d_k) t^2 / 2 + d_k t - part in the form in which nothing cancels.
        var root = (left.square() + (2 * (right - left) * part)).clamp(min: 0).sqrt();
        var x = spline.At(spline.X, index) + (width * 2 * part / (left + root));
        return spline.Outside(y, y, x).MoveToOuterDisposeScope();
    }

    private Tensor ParabolasLogSlope(Tensor x, Tensor widths, Tensor slopes)
    {
        using var scope = NewDisposeScope();
        var (spline, knots) = Pieces(widths, slopes);
        var (inside, index) = spline.BinOfX(x);
        var t = (inside - spline.At(spline.X, index)) / spline.At(spline.Widths, index);
        var slope = ((spline.At(knots, index) * (1 - t)) + (spline.AtNext(knots, index) * t)).log();
        return spline.Outside(x, zeros_like(slope), slope).MoveToOuterDisposeScope();
    }

    private (SplinePieces Spline, Tensor Slopes) Pieces(Tensor rawWidths, Tensor rawSlopes)
    {
        var widths = SplineBins.Shares(rawWidths, _leastSize);
        var positive = Elementwise.Softplus(rawSlopes) + SplineKnots.Least;
        Tensor slopes;
        if (_ends == SplineEnds.Closed)
        {
            slopes = _leastSize + ((1 - _leastSize) * positive / Area(widths, positive));
        }
        else
        {
            // The end slopes c are the area of the whole, which they are a part of: then they are 1 when scaled by it.
            var ends = (widths.narrow(-1, 0, 1) + widths.narrow(-1, _bins - 1, 1)) / 2;
            var zero = zeros_like(ends);
            var c = Area(widths, cat([zero, positive, zero], -1)) / (1 - ends);
            var all = cat([c, positive, c], -1);
            slopes = all / Area(widths, all);
        }

        var heights = widths * (slopes.narrow(-1, 0, _bins) + slopes.narrow(-1, 1, _bins)) / 2;
        return (new(widths, heights, _bound, _ends), slopes);
    }

    private Tensor Area(Tensor widths, Tensor slopes) =>
        (widths * (slopes.narrow(-1, 0, _bins) + slopes.narrow(-1, 1, _bins)) / 2).sum(-1, keepdim: true);
}
