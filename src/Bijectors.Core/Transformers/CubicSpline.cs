using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Monotone piecewise-cubic maps of [-bound, bound] onto itself: in bin k of width w and mean slope s, with
/// <c>t = (x - x_k) / w</c> and slopes d at the knots,
/// <c>y = y_k + w (d_k t + (3 s - 2 d_k - d_k+1) t^2 + (d_k + d_k+1 - 2 s) t^3)</c>; parameters
/// <c>[widths (K) | heights (K) | slopes at both ends (2)]</c>.
/// </summary>
/// <remarks>
/// Slopes at the knots inside follow from the bins beside them: twice the least of the two mean slopes and half of
/// their weighted mean. Those at the ends are <c>3 s sigmoid(raw)</c>, kept a thousandth from 0 and from 3 s; outside
/// is the identity, and the slope jumps at the ends. The inverse is found between brackets. Source: Durkan et al. 2019,
/// Cubic-spline flows, arXiv 1906.02145; Steffen 1990, A simple method for monotonic interpolation in one dimension,
/// Astronomy and Astrophysics 239.
/// </remarks>
[GeneratedBijector]
public sealed partial class CubicSpline : Transformer
{
    private readonly int _bins;
    private readonly double _bound;
    private readonly SplineEnds _ends;
    private readonly double _leastSize;

    /// <summary>Splines.</summary>
    /// <param name="bins">The number K of bins.</param>
    /// <param name="bound">Half the length of the interval.</param>
    /// <param name="ends">The identity outside, or closed.</param>
    /// <param name="leastSize">The least share of a bin in width and in height.</param>
    /// <exception cref="ArgumentException">A number is out of range, or there are no such ends.</exception>
    public CubicSpline(
        int bins = 8, double bound = 3, SplineEnds ends = SplineEnds.Identity, double leastSize = SplineKnots.Least)
    {
        _bins = SplineNumbers.Bins(nameof(CubicSpline), bins, leastSize);
        Numbers.CheckPositive(nameof(CubicSpline), bound);
        _bound = bound;
        _ends = SplineNumbers.IdentityOrClosed(nameof(CubicSpline), ends);
        _leastSize = leastSize;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Groups => [_bins, _bins, 2];

    /// <inheritdoc/>
    public override bool IsStacked => false;

    /// <inheritdoc/>
    public override bool IsIterative => true;

    /// <inheritdoc/>
    public override Domain Domain => SplineNumbers.Domain(_ends, _bound);

    /// <inheritdoc/>
    public override Domain Codomain => Domain;

    /// <inheritdoc/>
    public override double IntermediateSize => _bound;

    /// <summary>The type and the bins.</summary>
    public override string ToString() => $"CubicSpline({_bins})";

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var parameters = Parameters(context, x.dim());
        return Cubics(x, parameters[0], parameters[1], parameters[2]);
    }

    [Primitive(nameof(CubicsInverse), nameof(CubicsLogSlope))]
    private Tensor Cubics(Tensor x, Tensor widths, Tensor heights, Tensor ends)
    {
        using var scope = NewDisposeScope();
        var (spline, knots) = Pieces(widths, heights, ends);
        var (inside, index) = spline.BinOfX(x);
        var width = spline.At(spline.Widths, index);
        var (left, right) = (spline.At(knots, index), spline.AtNext(knots, index));
        var (t, slope) = ((inside - spline.At(spline.X, index)) / width, spline.At(spline.Heights, index) / width);
        var rise = left + (t * ((3 * slope) - (2 * left) - right + (t * (left + right - (2 * slope)))));
        return spline.Outside(x, x, spline.At(spline.Y, index) + (width * t * rise)).MoveToOuterDisposeScope();
    }

    private Tensor CubicsInverse(Tensor y, Tensor widths, Tensor heights, Tensor ends)
    {
        var end = _ends == SplineEnds.Closed ? _bound : double.PositiveInfinity;
        return MonotoneInverse.Of(y, x => Cubics(x, widths, heights, ends), -end, end);
    }

    private Tensor CubicsLogSlope(Tensor x, Tensor widths, Tensor heights, Tensor ends)
    {
        using var scope = NewDisposeScope();
        var (spline, knots) = Pieces(widths, heights, ends);
        var (inside, index) = spline.BinOfX(x);
        var width = spline.At(spline.Widths, index);
        var (left, right) = (spline.At(knots, index), spline.AtNext(knots, index));
        var (t, slope) = ((inside - spline.At(spline.X, index)) / width, spline.At(spline.Heights, index) / width);

        // The slope is a quadratic polynomial; so written, its first and last terms are positive.
        var middle = (3 * slope) - left - right;
        var log = ((left * (1 - t).square()) + (2 * middle * t * (1 - t)) + (right * t.square())).log();
        return spline.Outside(x, zeros_like(log), log).MoveToOuterDisposeScope();
    }

    private (SplinePieces Spline, Tensor Slopes) Pieces(Tensor rawWidths, Tensor rawHeights, Tensor rawEnds)
    {
        var (widths, heights) = (SplineBins.Shares(rawWidths, _leastSize), SplineBins.Shares(rawHeights, _leastSize));
        var slopes = heights / widths;

        // At least a little: where a slope vanishes, there is no inverse.
        var ends = 3 * (SplineKnots.Least + ((1 - (2 * SplineKnots.Least)) * rawEnds.sigmoid()));
        var first = ends.narrow(-1, 0, 1) * slopes.narrow(-1, 0, 1);
        var last = ends.narrow(-1, 1, 1) * slopes.narrow(-1, _bins - 1, 1);
        if (_bins == 1)
        {
            return (new(widths, heights, _bound, _ends), cat([first, last], -1));
        }

        var (left, right) = (slopes.narrow(-1, 0, _bins - 1), slopes.narrow(-1, 1, _bins - 1));
        var (ofLeft, ofRight) = (widths.narrow(-1, 0, _bins - 1), widths.narrow(-1, 1, _bins - 1));
        var mean = ((left * ofRight) + (right * ofLeft)) / (ofLeft + ofRight);
        var inner = 2 * minimum(minimum(left, right), mean / 2);
        return (new(widths, heights, _bound, _ends), cat([first, inner, last], -1));
    }
}
