using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Monotone rational-quadratic splines on <c>[-bound, bound]</c>, the identity outside: in bin k, with <c>t = (x - x_k)
/// / w_k</c>, <c>s = h_k / w_k</c> and slopes d at the knots, <c>y = y_k + h_k (s t^2 + d_k t (1-t)) / (s + (d_k +
/// d_k+1 - 2s) t (1-t))</c>.
/// </summary>
/// <remarks>
/// Widths and heights are <c>softmax</c> of raw numbers, scaled to the interval, each at least 1/1000 of it; slopes are
/// <c>softplus</c>, at least 1/1000, and 1 at both ends. Parameters broadcast against x. Points outside are moved to
/// the border before the spline is evaluated, so that the branch not taken has finite gradients. On the CPU, float32
/// and float64 points with a spline each go through a kernel of their own, with gradients in closed form. For the
/// inverse, <c>r = t / (1-t)</c> is the positive root of <c>s b r^2 + (b d_k - a d_k+1) r - s a</c> with a and b the
/// distances of y to the lower and the upper knot: first and last term have different signs, nothing cancels. (The
/// usual quadratic in t loses as many digits at the upper end of a bin as the slope at its lower end has.) Source:
/// Durkan et al. 2019, Neural spline flows, arXiv 1906.04032, equations 4 to 8, and nflows.
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
    [Primitive(nameof(Inverse), nameof(LogSlope), WithLogSlope = nameof(MapWithLogSlope),
        InverseWithLogSlope = nameof(InverseWithLogSlope))]
    public static Tensor Map(Tensor x, [Elementwise(1)] Tensor widths, [Elementwise(1)] Tensor heights,
        [Elementwise(1)] Tensor slopes, double bound)
    {
        Check(widths, heights, slopes, bound);
        return Value(x, widths, heights, slopes, bound, inverse: false);
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
        Check(widths, heights, slopes, bound);
        return Value(y, widths, heights, slopes, bound, inverse: true);
    }

    /// <summary><c>log(dy/dx)</c> at x; 0 outside.</summary>
    /// <inheritdoc cref="Map"/>
    public static Tensor LogSlope(Tensor x, Tensor widths, Tensor heights, Tensor slopes, double bound)
    {
        Check(widths, heights, slopes, bound);
        return TorchSpline.LogSlope(x, widths, heights, slopes, bound);
    }

    /// <summary>y for x, and <c>log(dy/dx)</c> there, in one pass.</summary>
    /// <returns>Two fresh tensors of the shape of x.</returns>
    /// <inheritdoc cref="Map"/>
    public static (Tensor Y, Tensor LogSlope) MapWithLogSlope(
        Tensor x, Tensor widths, Tensor heights, Tensor slopes, double bound)
    {
        Check(widths, heights, slopes, bound);
        return Both(x, widths, heights, slopes, bound, inverse: false);
    }

    /// <summary>x for y, and <c>log(dy/dx)</c> at that x, in one pass.</summary>
    /// <returns>Two fresh tensors of the shape of y.</returns>
    /// <inheritdoc cref="Inverse"/>
    public static (Tensor X, Tensor LogSlope) InverseWithLogSlope(
        Tensor y, Tensor widths, Tensor heights, Tensor slopes, double bound)
    {
        Check(widths, heights, slopes, bound);
        return Both(y, widths, heights, slopes, bound, inverse: true);
    }

    /// <summary>Takes the output of a network apart: for each feature <c>[widths | heights | slopes]</c>, as nflows has
    /// it.</summary>
    /// <param name="raw"><c>(..., D (3K - 1))</c></param>
    /// <param name="bins">The number K of bins.</param>
    /// <param name="scale">What widths and heights are multiplied by; nflows takes <c>1/sqrt(hidden)</c> of the width
    /// of the network.</param>
    /// <returns>Widths <c>(..., D, K)</c>, heights <c>(..., D, K)</c>, slopes <c>(..., D, K - 1)</c>; views of
    /// <paramref name="raw"/> where nothing is multiplied.</returns>
    /// <exception cref="ShapeException">The last dimension has another size.</exception>
    public static (Tensor Widths, Tensor Heights, Tensor Slopes) Parameters(Tensor raw, int bins, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(raw);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        var each = (3 * bins) - 1;
        if (raw.dim() == 0 || raw.size(-1) % each != 0)
        {
            throw new ShapeException(nameof(RationalQuadratic),
                $"expected {each} numbers in the last dimension for each feature", $"got {Shape.Of(raw.shape)}");
        }

        using var table = raw.reshape([.. raw.shape[..^1], raw.size(-1) / each, each]);
        var (widths, heights, slopes) = Split(table, bins);
        if (scale == 1)
        {
            return (widths, heights, slopes);
        }

        using (widths)
        using (heights)
        {
            return (widths * scale, heights * scale, slopes);
        }
    }

    /// <summary>Takes a table of parameters apart, as <see cref="Conditioner.Table(Tensor, Tensor?, int)"/> gives
    /// it.</summary>
    /// <param name="table"><c>(..., 3 K - 1)</c></param>
    /// <param name="bins">The number K of bins.</param>
    /// <returns>Widths <c>(..., K)</c>, heights <c>(..., K)</c> and slopes <c>(..., K - 1)</c>, all fresh.</returns>
    /// <exception cref="ShapeException">The last dimension has another size.</exception>
    public static (Tensor Widths, Tensor Heights, Tensor Slopes) Split(Tensor table, int bins)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        if (table.dim() == 0 || table.size(-1) != (3 * bins) - 1)
        {
            throw new ShapeException(
                nameof(RationalQuadratic), $"expected {(3 * bins) - 1} numbers in the last dimension",
                $"got {Shape.Text(table.shape)}");
        }

        // One node with three results: three views would each carry a whole table of gradients back, to be added up.
        var parts = table.split([bins, bins, bins - 1], -1);
        return (parts[0], parts[1], parts[2]);
    }

    /// <summary>The value of a spline of any form, or of its inverse; the arguments have been checked.</summary>
    internal static Tensor Value(
        Tensor point, Tensor widths, Tensor heights, Tensor slopes, SplineForm form, bool inverse) =>
        FusedSpline.Map(point, widths, heights, slopes, form, inverse, withLogSlope: false) is [var value]
            ? value
            : inverse ? TorchSpline.Inverse(point, widths, heights, slopes, form)
            : TorchSpline.Map(point, widths, heights, slopes, form);

    /// <summary>The same, and <c>log(dy/dx)</c>.</summary>
    internal static (Tensor Value, Tensor LogSlope) Both(
        Tensor point, Tensor widths, Tensor heights, Tensor slopes, SplineForm form, bool inverse) =>
        FusedSpline.Map(point, widths, heights, slopes, form, inverse, withLogSlope: true)
            is [var value, var logSlope]
            ? (value, logSlope)
            : inverse ? TorchSpline.InverseWithLogSlope(point, widths, heights, slopes, form)
            : TorchSpline.MapWithLogSlope(point, widths, heights, slopes, form);

    // Refuses what makes no splines.
    private static void Check(Tensor widths, Tensor heights, Tensor slopes, double bound)
    {
        Numbers.CheckPositive(nameof(RationalQuadratic), bound);
        var bins = widths.size(-1);
        if (heights.size(-1) != bins || slopes.size(-1) != bins - 1 || bins * SplineKnots.Least >= 1)
        {
            throw new ShapeException(
                nameof(RationalQuadratic),
                "expected K widths, K heights and K - 1 slopes with K below 1000",
                $"got {bins}, {heights.size(-1)} and {slopes.size(-1)}");
        }
    }
}
