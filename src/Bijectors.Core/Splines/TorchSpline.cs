using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The splines of <see cref="RationalQuadratic"/> in operations of torch, for any device and any shapes that broadcast: what the kernels are held to.</summary>
internal static class TorchSpline
{
    /// <summary>y for x.</summary>
    public static Tensor Map(Tensor x, Tensor widths, Tensor heights, Tensor slopes, double bound)
    {
        using var scope = NewDisposeScope();
        var bin = new SplineKnots(widths, heights, slopes, bound).BinOfX(x);
        return Value(x, bin, bound).MoveToOuterDisposeScope();
    }

    /// <summary>x for y.</summary>
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

        // A point is in its bin: t is at most 1. A little beyond, it is moved back and keeps its gradient; in a bin with slopes many orders apart rounding is
        // all there is, and no gradient.
        var denominator = where(falls, 2 * a, root + b);
        var t = numerator / where(numerator > 2 * denominator, numerator, denominator);
        t += (t.clamp(max: 1) - t).detach();
        return where(Outside(y, bound), y, bin.Left + (t * bin.Width)).MoveToOuterDisposeScope();
    }

    /// <summary>log(dy/dx) at x.</summary>
    public static Tensor LogSlope(Tensor x, Tensor widths, Tensor heights, Tensor slopes, double bound)
    {
        using var scope = NewDisposeScope();
        var bin = new SplineKnots(widths, heights, slopes, bound).BinOfX(x);
        return LogSlope(x, bin, bound).MoveToOuterDisposeScope();
    }

    /// <summary>y for x and log(dy/dx).</summary>
    public static (Tensor Y, Tensor LogSlope) MapWithLogSlope(Tensor x, Tensor widths, Tensor heights, Tensor slopes, double bound)
    {
        using var scope = NewDisposeScope();
        var bin = new SplineKnots(widths, heights, slopes, bound).BinOfX(x);
        return scope.MoveToOuter(Value(x, bin, bound), LogSlope(x, bin, bound));
    }

    /// <summary>x for y and log(dy/dx) at x.</summary>
    public static (Tensor X, Tensor LogSlope) InverseWithLogSlope(Tensor y, Tensor widths, Tensor heights, Tensor slopes, double bound)
    {
        var x = Inverse(y, widths, heights, slopes, bound);
        return (x, LogSlope(x, widths, heights, slopes, bound));
    }

    private static Tensor Value(Tensor x, SplineKnots.Bin bin, double bound)
    {
        var t = bin.Place;
        var mixed = t * (1 - t);
        var y = bin.Bottom + (bin.Height * ((bin.Steepness * t.square()) + (bin.SlopeLeft * mixed)) / bin.Denominator(mixed));
        return where(Outside(x, bound), x, y);
    }

    private static Tensor LogSlope(Tensor x, SplineKnots.Bin bin, double bound)
    {
        var t = bin.Place;
        var rest = 1 - t;
        var mixed = t * rest;
        var slope = (bin.SlopeRight * t.square()) + (2 * bin.Steepness * mixed) + (bin.SlopeLeft * rest.square());
        var logSlope = slope.log() + (2 * (bin.Steepness.log() - bin.Denominator(mixed).log()));
        return where(Outside(x, bound), zeros_like(logSlope), logSlope);
    }

    // NaN is not outside: it goes through the spline and stays NaN.
    private static Tensor Outside(Tensor x, double bound) => (x < -bound) | (x > bound);
}
