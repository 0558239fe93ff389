using System.Numerics;
using System.Runtime.CompilerServices;
using static Bijectors.Kernels.VectorMath;

namespace Bijectors.Kernels;

/// <summary>
/// The bins that a vector of points falls into and the places there, with what value, slope and gradients are made of;
/// the letters are those of Durkan et al. 2019.
/// </summary>
internal unsafe ref struct SplinePlace<T>
    where T : unmanaged
{
    /// <summary>k, as a number of the same type.</summary>
    public Vector<T> Bin;

    public Vector<T> Left;
    public Vector<T> Right;
    public Vector<T> Width;
    public Vector<T> Bottom;
    public Vector<T> Top;
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

    /// <summary><c>s + (d_k + d_k+1 - 2s) t (1-t)</c>, as a sum of what is positive.</summary>
    public Vector<T> Denominator;

    /// <summary>
    /// <c>d_k+1 t^2 + 2 s t (1-t) + d_k (1-t)^2</c>, of the slope <c>s^2 numerator / denominator^2</c>.
    /// </summary>
    public Vector<T> Numerator;

    /// <summary>x at t, from the nearer end.</summary>
    public readonly Vector<T> Point
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector.ConditionalSelect(
            Vector.LessThanOrEqual(Along, Rest), Left + (Along * Width), Right - (Rest * Width));
    }

    /// <summary>y at t, from the nearer end.</summary>
    public readonly Vector<T> Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var near = Vector.LessThanOrEqual(Along, Rest);
            var (own, slope) =
                (Vector.ConditionalSelect(near, Along, Rest), Vector.ConditionalSelect(near, SlopeLeft, SlopeRight));
            var part = Height * ((Steepness * own * own) + (slope * Mixed)) / Denominator;
            return Vector.ConditionalSelect(near, Bottom + part, Top - part);
        }
    }

    /// <summary>log(dy/dx) at t.</summary>
    public readonly Vector<T> LogSlope => Log(Numerator) + (Of<T>(2) * Log(Steepness / Denominator));

    /// <summary>The places of points x, each from -bound to bound.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void OfX(Vector<T> x, in SplineVectors<T> splines, int bins)
    {
        Find(x, (Vector<T>*)splines.X, splines, bins);

        // From the nearer end: neither t nor 1 - t has lost digits where it is small.
        var (before, behind) = (x - Left, Right - x);
        var near = Vector.LessThanOrEqual(before, behind);
        var share = Vector.ConditionalSelect(near, before, behind) / Width;
        var other = Vector<T>.One - share;
        MoveTo(Vector.ConditionalSelect(near, share, other), Vector.ConditionalSelect(near, other, share));
    }

    /// <summary>The places of points y, each from -bound to bound.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void OfY(Vector<T> y, in SplineVectors<T> splines, int bins)
    {
        Find(y, (Vector<T>*)splines.Y, splines, bins);

        // t : (1 - t) is the positive root of a quadratic whose first and last terms have different signs: nothing
        // cancels, at either end.
        var (before, behind) = (y - Bottom, Top - y);
        var (a, b, c) = (Steepness * behind, (behind * SlopeLeft) - (before * SlopeRight), Steepness * before);

        // Scaled, as in the torch code: squares of steep slopes stay numbers.
        var scale = Vector.Max(Vector.Abs(b), Vector.Max(a, c));
        (a, b, c) = (a / scale, b / scale, c / scale);
        var root = Vector.SquareRoot((b * b) + (Of<T>(4) * a * c));
        var rises = Vector.GreaterThanOrEqual(b, Vector<T>.Zero);
        var ofT = Vector.ConditionalSelect(rises, c + c, root - b);
        var ofRest = Vector.ConditionalSelect(rises, root + b, a + a);
        var whole = ofT + ofRest;
        MoveTo(ofT / whole, ofRest / whole);
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
        var (right, top) = (x[1], y[1]);
        var (width, height) = (widths[0], heights[0]);
        var (rawLeft, rawRight) = (Vector<T>.Zero, bins > 1 ? raw[0] : Vector<T>.Zero);
        for (var k = 1; k < bins; k++)
        {
            var beyond = Vector.GreaterThanOrEqual(point, knots[k]);
            bin = Vector.ConditionalSelect(beyond, Of<T>(k), bin);
            left = Vector.ConditionalSelect(beyond, x[k], left);
            bottom = Vector.ConditionalSelect(beyond, y[k], bottom);
            right = Vector.ConditionalSelect(beyond, x[k + 1], right);
            top = Vector.ConditionalSelect(beyond, y[k + 1], top);
            width = Vector.ConditionalSelect(beyond, widths[k], width);
            height = Vector.ConditionalSelect(beyond, heights[k], height);
            rawLeft = Vector.ConditionalSelect(beyond, raw[k - 1], rawLeft);
            rawRight = Vector.ConditionalSelect(beyond, k < bins - 1 ? raw[k] : Vector<T>.Zero, rawRight);
        }

        // From their shares: a small difference of large knots would have lost digits.
        var (length, leastShare, rest) =
            (x[bins] - x[0], Of<T>(SplineKnots.Least), Of<T>(1 - (SplineKnots.Least * bins)));
        (Bin, Left, Width, Bottom, Height) =
            (bin, left, length * (leastShare + (rest * width)), bottom, length * (leastShare + (rest * height)));
        (Right, Top, RawLeft, RawRight, Steepness) = (right, top, rawLeft, rawRight, Height / Width);

        // 1 at both ends.
        var least = Of<T>(SplineKnots.Least);
        SlopeLeft =
            Vector.ConditionalSelect(Vector.Equals(bin, Vector<T>.Zero), Vector<T>.One, least + Softplus(rawLeft));
        SlopeRight =
            Vector.ConditionalSelect(Vector.Equals(bin, Of<T>(bins - 1)), Vector<T>.One, least + Softplus(rawRight));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MoveTo(Vector<T> t, Vector<T> rest)
    {
        var mixed = t * rest;
        (Along, Rest, Mixed) = (t, rest, mixed);
        Denominator = (Steepness * ((t * t) + (rest * rest))) + ((SlopeLeft + SlopeRight) * mixed);
        Numerator = (SlopeRight * t * t) + (Of<T>(2) * Steepness * mixed) + (SlopeLeft * rest * rest);
    }
}
