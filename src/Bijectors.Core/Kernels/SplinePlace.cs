using System.Numerics;
using System.Runtime.CompilerServices;
using static Bijectors.VectorMath;

namespace Bijectors;

/// <summary>The bins that a vector of points falls into and the places there, with what value, slope and gradients are made of; the letters are those of <see cref="RationalQuadratic"/>.</summary>
internal unsafe ref struct SplinePlace<T>
    where T : unmanaged
{
    /// <summary>k, as a number of the same type.</summary>
    public Vector<T> Bin;

    public Vector<T> Left;
    public Vector<T> Width;
    public Vector<T> Bottom;
    public Vector<T> Height;

    /// <summary>s</summary>
    public Vector<T> Steepness;

    public Vector<T> RawLeft;
    public Vector<T> RawRight;

    /// <summary><c>d_k</c></summary>
    public Vector<T> SlopeLeft;

    /// <summary><c>d_k+1</c></summary>
    public Vector<T> SlopeRight;

    /// <summary>t, from 0 to 1.</summary>
    public Vector<T> Along;

    /// <summary><c>1 - t</c></summary>
    public Vector<T> Rest;

    /// <summary><c>t (1 - t)</c></summary>
    public Vector<T> Mixed;

    /// <summary><c>s + (d_k + d_k+1 - 2s) t (1-t)</c></summary>
    public Vector<T> Denominator;

    /// <summary><c>d_k+1 t^2 + 2 s t (1-t) + d_k (1-t)^2</c>, of the slope <c>s^2 numerator / denominator^2</c>.</summary>
    public Vector<T> Numerator;

    private Vector<T> Bend => SlopeLeft + SlopeRight - (Steepness + Steepness);

    /// <summary>y at t.</summary>
    public readonly Vector<T> Value =>
        Bottom + (Height * ((Steepness * Along * Along) + (SlopeLeft * Mixed)) / Denominator);

    /// <summary>log(dy/dx) at t.</summary>
    public readonly Vector<T> LogSlope => Log(Numerator) + (Of<T>(2) * Log(Steepness / Denominator));

    /// <summary>The places of points x, each from -bound to bound.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void OfX(Vector<T> x, in SplineVectors<T> splines, int bins)
    {
        Find(x, (Vector<T>*)splines.X, splines, bins);
        MoveTo((x - Left) / Width);
    }

    /// <summary>The places of points y, each from -bound to bound.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void OfY(Vector<T> y, in SplineVectors<T> splines, int bins)
    {
        Find(y, (Vector<T>*)splines.Y, splines, bins);
        var above = y - Bottom;
        var bend = above * Bend;
        var a = (Height * (Steepness - SlopeLeft)) + bend;
        var b = (Height * SlopeLeft) - bend;
        var c = -(Steepness * above);

        // As in the torch code: scaled, positive but for rounding, of the two forms of the root the one that does not cancel, and t at most 1.
        var scale = Vector.Max(Vector.Abs(a), Vector.Max(Vector.Abs(b), Vector.Abs(c)));
        (a, b, c) = (a / scale, b / scale, c / scale);
        var epsilon = Of<T>(typeof(T) == typeof(float) ? 1.1920929e-7 : 2.220446049250313e-16);
        var square = (b * b) - (Of<T>(4) * a * c);
        var root = Vector.SquareRoot(Vector.ConditionalSelect(Vector.LessThan(square, epsilon * epsilon), epsilon * epsilon, square));
        var falls = Vector.LessThan(b, Vector<T>.Zero);
        var numerator = Vector.ConditionalSelect(falls, root - b, Of<T>(-2) * c);
        var denominator = Vector.ConditionalSelect(falls, a + a, root + b);
        MoveTo(numerator / Vector.ConditionalSelect(Vector.GreaterThan(numerator, denominator), numerator, denominator));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Find(Vector<T> point, Vector<T>* knots, in SplineVectors<T> splines, int bins)
    {
        var x = (Vector<T>*)splines.X;
        var y = (Vector<T>*)splines.Y;
        var raw = (Vector<T>*)splines.Slopes;
        var widths = (Vector<T>*)splines.Widths;
        var heights = (Vector<T>*)splines.Heights;
        var (bin, left, bottom) = (Vector<T>.Zero, x[0], y[0]);
        var (width, height) = (widths[0], heights[0]);
        var (rawLeft, rawRight) = (Vector<T>.Zero, bins > 1 ? raw[0] : Vector<T>.Zero);
        for (var k = 1; k < bins; k++)
        {
            var beyond = Vector.GreaterThanOrEqual(point, knots[k]);
            bin = Vector.ConditionalSelect(beyond, Of<T>(k), bin);
            left = Vector.ConditionalSelect(beyond, x[k], left);
            bottom = Vector.ConditionalSelect(beyond, y[k], bottom);
            width = Vector.ConditionalSelect(beyond, widths[k], width);
            height = Vector.ConditionalSelect(beyond, heights[k], height);
            rawLeft = Vector.ConditionalSelect(beyond, raw[k - 1], rawLeft);
            rawRight = Vector.ConditionalSelect(beyond, k < bins - 1 ? raw[k] : Vector<T>.Zero, rawRight);
        }

        // From their shares: a small difference of large knots would have lost digits.
        var (length, leastShare, rest) = (x[bins] - x[0], Of<T>(SplineKnots.Least), Of<T>(1 - (SplineKnots.Least * bins)));
        (Bin, Left, Width, Bottom, Height) = (bin, left, length * (leastShare + (rest * width)), bottom, length * (leastShare + (rest * height)));
        (RawLeft, RawRight, Steepness) = (rawLeft, rawRight, Height / Width);

        // 1 at both ends.
        var least = Of<T>(SplineKnots.Least);
        SlopeLeft = Vector.ConditionalSelect(Vector.Equals(bin, Vector<T>.Zero), Vector<T>.One, least + Softplus(rawLeft));
        SlopeRight = Vector.ConditionalSelect(Vector.Equals(bin, Of<T>(bins - 1)), Vector<T>.One, least + Softplus(rawRight));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MoveTo(Vector<T> t)
    {
        var rest = Vector<T>.One - t;
        var mixed = t * rest;
        (Along, Rest, Mixed) = (t, rest, mixed);
        Denominator = Steepness + (Bend * mixed);
        Numerator = (SlopeRight * t * t) + (Of<T>(2) * Steepness * mixed) + (SlopeLeft * rest * rest);
    }
}
