using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// Monotone rational-quadratic splines in operations of torch, for any device and any shapes that broadcast: what the
/// kernels are held to.
/// </summary>
internal static class TorchSpline
{
    /// <summary>y for x.</summary>
    public static Tensor Map(Tensor x, Tensor widths, Tensor heights, Tensor slopes, SplineForm form)
    {
        using var scope = NewDisposeScope();
        var spline = new SplineKnots(widths, heights, slopes, form);
        return Value(x, spline.BinOfX(x), spline, form).MoveToOuterDisposeScope();
    }

    /// <summary>x for y.</summary>
    public static Tensor Inverse(Tensor y, Tensor widths, Tensor heights, Tensor slopes, SplineForm form)
    {
        using var scope = NewDisposeScope();
        var spline = new SplineKnots(widths, heights, slopes, form);
        var bin = spline.BinOfY(y);

        // t : (1 - t) is the positive root of a quadratic whose first and last terms have different signs: nothing
        // cancels, at either end.
        var (a, b, c) = (bin.Steepness * bin.Behind, (bin.Behind * bin.SlopeLeft) - (bin.Before * bin.SlopeRight),
            bin.Steepness * bin.Before);

        // The root does not change where all three are scaled, and squares of steep slopes stay numbers.
        var scale = maximum(b.abs(), maximum(a, c)).detach();
        (a, b, c) = (a / scale, b / scale, c / scale);
        var root = (b.square() + (4 * a * c)).sqrt();
        var rises = b >= 0;
        var (ofT, ofRest) = (where(rises, 2 * c, root - b), where(rises, root + b, 2 * a));
        var near = ofT <= ofRest;
        var x = FromNearerEnd(near, bin.Left, bin.Right, bin.Width * where(near, ofT, ofRest) / (ofT + ofRest));
        return InTails(y, x, spline, form, inverse: true).MoveToOuterDisposeScope();
    }

    /// <summary>log(dy/dx) at x.</summary>
    public static Tensor LogSlope(Tensor x, Tensor widths, Tensor heights, Tensor slopes, SplineForm form)
    {
        using var scope = NewDisposeScope();
        var spline = new SplineKnots(widths, heights, slopes, form);
        return LogSlope(x, spline.BinOfX(x), spline, form).MoveToOuterDisposeScope();
    }

    /// <summary>y for x and log(dy/dx).</summary>
    public static (Tensor Y, Tensor LogSlope) MapWithLogSlope(
        Tensor x, Tensor widths, Tensor heights, Tensor slopes, SplineForm form)
    {
        using var scope = NewDisposeScope();
        var spline = new SplineKnots(widths, heights, slopes, form);
        var bin = spline.BinOfX(x);
        return scope.MoveToOuter(Value(x, bin, spline, form), LogSlope(x, bin, spline, form));
    }

    /// <summary>x for y and log(dy/dx) at x.</summary>
    public static (Tensor X, Tensor LogSlope) InverseWithLogSlope(
        Tensor y, Tensor widths, Tensor heights, Tensor slopes, SplineForm form)
    {
        var x = Inverse(y, widths, heights, slopes, form);
        return (x, LogSlope(x, widths, heights, slopes, form));
    }

    private static Tensor Value(Tensor x, SplineKnots.Bin bin, SplineKnots spline, SplineForm form)
    {
        var (t, rest) = Place(bin);
        var near = t <= rest;
        var (own, slope) = (where(near, t, rest), where(near, bin.SlopeLeft, bin.SlopeRight));
        var part = bin.Height * ((bin.Steepness * own.square()) + (slope * t * rest)) / bin.Denominator(t, rest);
        return InTails(x, FromNearerEnd(near, bin.Bottom, bin.Top, part), spline, form, inverse: false);
    }

    private static Tensor LogSlope(Tensor x, SplineKnots.Bin bin, SplineKnots spline, SplineForm form)
    {
        var (t, rest) = Place(bin);
        var slope = (bin.SlopeRight * t.square()) + (2 * bin.Steepness * t * rest) + (bin.SlopeLeft * rest.square());
        var logSlope = slope.log() + (2 * (bin.Steepness.log() - bin.Denominator(t, rest).log()));
        var outside = form.Tails switch
        {
            SplineTails.Identity => zeros_like(logSlope),
            SplineTails.Linear => EndSlope(x, spline).log(),
            _ => full_like(logSlope, double.NaN),
        };
        return where(Outside(x, form), outside, logSlope);
    }

    /// <summary>t and <c>1 - t</c>, both from the nearer end: neither has lost digits where it is small.</summary>
    private static (Tensor T, Tensor Other) Place(SplineKnots.Bin bin)
    {
        var near = bin.Before <= bin.Behind;
        var share = where(near, bin.Before, bin.Behind) / bin.Width;
        var other = 1 - share;
        return (where(near, share, other), where(near, other, share));
    }

    private static Tensor FromNearerEnd(Tensor near, Tensor begin, Tensor end, Tensor distance) =>
        where(near, begin + distance, end - distance);

    private static Tensor InTails(Tensor point, Tensor inside, SplineKnots spline, SplineForm form, bool inverse)
    {
        var outside = form.Tails switch
        {
            SplineTails.Identity => point,
            SplineTails.Linear => Line(point, spline, form.Bound, inverse),
            _ => full_like(inside, double.NaN),
        };
        return where(Outside(point, form), outside, inside);
    }

    private static Tensor Line(Tensor point, SplineKnots spline, double bound, bool inverse)
    {
        var end = where(point < 0, full_like(point, -bound), full_like(point, bound));
        var slope = EndSlope(point, spline);
        return end + (inverse ? (point - end) / slope : (point - end) * slope);
    }

    private static Tensor EndSlope(Tensor point, SplineKnots spline) =>
        where(point < 0, spline.EndSlopes.Low, spline.EndSlopes.High);

    // NaN is not outside: it goes through the spline and stays NaN.
    private static Tensor Outside(Tensor x, SplineForm form) => (x < -form.Bound) | (x > form.Bound);
}
