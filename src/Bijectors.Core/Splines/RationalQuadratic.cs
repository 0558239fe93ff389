using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Monotone rational-quadratic splines on <c>[-bound, bound]</c>, the identity outside: in bin k, with <c>t = (x - x_k) / w_k</c>, <c>s = h_k / w_k</c> and
/// slopes d at the knots, <c>y = y_k + h_k (s t^2 + d_k t (1-t)) / (s + (d_k + d_k+1 - 2s) t (1-t))</c>.
/// </summary>
/// <remarks>
/// Widths and heights are <c>softmax</c> of raw numbers, scaled to the interval, each at least 1/1000 of it; slopes are <c>softplus</c>, at least 1/1000,
/// and 1 at both ends. Parameters broadcast against x. Points outside are moved to the border before the spline is evaluated, so that the branch not taken has finite gradients.
/// Source: Durkan et al. 2019, Neural spline flows, arXiv 1906.04032, equations 4 to 8, and nflows.
/// </remarks>
public static class RationalQuadratic
{
    /// <summary>y for x.</summary>
    /// <param name="x">Points, any shape <c>(...)</c>.</param>
    /// <param name="widths">Raw widths of K bins, <c>(..., K)</c>.</param>
    /// <param name="heights">Raw heights of K bins, <c>(..., K)</c>.</param>
    /// <param name="slopes">Raw slopes at the knots inside, <c>(..., K - 1)</c>.</param>
    /// <param name="bound">Where the identity begins.</param>
    /// <returns>A fresh tensor of the shape of x.</returns>
    /// <exception cref="ShapeException">The numbers of bins do not fit together, or there are 1000 or more.</exception>
    /// <exception cref="ArgumentException">The bound is not positive.</exception>
    [Primitive(nameof(Inverse), nameof(LogSlope))]
    public static Tensor Map(Tensor x, Tensor widths, Tensor heights, Tensor slopes, double bound)
    {
        using var scope = NewDisposeScope();
        var bin = new SplineKnots(widths, heights, slopes, bound).BinOfX(x);
        var t = bin.Place;
        var mixed = t * (1 - t);
        var y = bin.Bottom + (bin.Height * ((bin.Steepness * t.square()) + (bin.SlopeLeft * mixed)) / bin.Denominator(mixed));
        return where(Outside(x, bound), x, y).MoveToOuterDisposeScope();
    }

    /// <summary>x for y.</summary>
    /// <param name="y">Points, any shape <c>(...)</c>.</param>
    /// <param name="widths">Raw widths of K bins, <c>(..., K)</c>.</param>
    /// <param name="heights">Raw heights of K bins, <c>(..., K)</c>.</param>
    /// <param name="slopes">Raw slopes at the knots inside, <c>(..., K - 1)</c>.</param>
    /// <param name="bound">Where the identity begins.</param>
    /// <returns>A fresh tensor of the shape of y.</returns>
    /// <exception cref="ShapeException">The numbers of bins do not fit together, or there are 1000 or more.</exception>
    /// <exception cref="ArgumentException">The bound is not positive.</exception>
    public static Tensor Inverse(Tensor y, Tensor widths, Tensor heights, Tensor slopes, double bound)
    {
        using var scope = NewDisposeScope();
        var bin = new SplineKnots(widths, heights, slopes, bound).BinOfY(y);
        var above = bin.Place * bin.Height;
        var bend = above * bin.Bend;
        var a = (bin.Height * (bin.Steepness - bin.SlopeLeft)) + bend;
        var b = (bin.Height * bin.SlopeLeft) - bend;
        var c = -bin.Steepness * above;

        // The root does not change where all three are scaled, and squares of steep slopes stay numbers.
        var scale = maximum(a.abs(), maximum(b.abs(), c.abs())).detach();
        (a, b, c) = (a / scale, b / scale, c / scale);

        // Positive but for rounding. Of the two forms of the root, the one that does not cancel; a is positive where b is negative.
        var epsilon = finfo(y.dtype).eps;
        var root = (b.square() - (4 * a * c)).clamp(min: epsilon * epsilon).sqrt();
        var falls = b < 0;
        var numerator = where(falls, root - b, -2 * c);

        // A point is in its bin: t is at most 1, also where rounding, all of it in a bin with slopes many orders apart, says otherwise.
        var t = numerator / maximum(where(falls, 2 * a, root + b), numerator);
        return where(Outside(y, bound), y, bin.Left + (t * bin.Width)).MoveToOuterDisposeScope();
    }

    /// <summary><c>log(dy/dx)</c> at x; 0 outside.</summary>
    /// <inheritdoc cref="Map"/>
    public static Tensor LogSlope(Tensor x, Tensor widths, Tensor heights, Tensor slopes, double bound)
    {
        using var scope = NewDisposeScope();
        var bin = new SplineKnots(widths, heights, slopes, bound).BinOfX(x);
        var t = bin.Place;
        var rest = 1 - t;
        var mixed = t * rest;
        var slope = (bin.SlopeRight * t.square()) + (2 * bin.Steepness * mixed) + (bin.SlopeLeft * rest.square());
        var logSlope = slope.log() + (2 * (bin.Steepness.log() - bin.Denominator(mixed).log()));
        return where(Outside(x, bound), zeros_like(logSlope), logSlope).MoveToOuterDisposeScope();
    }

    /// <summary>Takes the output of a network apart: for each feature <c>[widths | heights | slopes]</c>, as nflows has it.</summary>
    /// <param name="raw"><c>(..., D (3K - 1))</c></param>
    /// <param name="bins">The number K of bins.</param>
    /// <param name="scale">What widths and heights are multiplied by; nflows takes <c>1/sqrt(hidden)</c> of the width of the network.</param>
    /// <returns>Widths <c>(..., D, K)</c>, heights <c>(..., D, K)</c>, slopes <c>(..., D, K - 1)</c>, all fresh.</returns>
    /// <exception cref="ShapeException">The last dimension has another size.</exception>
    public static (Tensor Widths, Tensor Heights, Tensor Slopes) Parameters(Tensor raw, int bins, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(raw);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        var each = (3 * bins) - 1;
        if (raw.dim() == 0 || raw.shape[^1] % each != 0)
        {
            throw new ShapeException(nameof(RationalQuadratic), $"expected {each} numbers in the last dimension for each feature", $"got {Shape.Of(raw.shape)}");
        }

        using var table = raw.reshape([.. raw.shape[..^1], raw.shape[^1] / each, each]);
        var slopes = table.narrow(-1, 2 * bins, bins - 1);
        using var widths = table.narrow(-1, 0, bins);
        using var heights = table.narrow(-1, bins, bins);
        return (widths * scale, heights * scale, slopes);
    }

    // NaN is not outside: it goes through the spline and stays NaN.
    private static Tensor Outside(Tensor x, double bound) => (x < -bound) | (x > bound);
}
