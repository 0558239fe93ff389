using System.Numerics;
using System.Runtime.CompilerServices;
using static Bijectors.Kernels.VectorMath;

namespace Bijectors.Kernels;

/// <summary>
/// The gradients of a vector of points to the numbers of their bins: t, s and the two slopes, by the derivatives of
/// <c>q = (s t^2 + d_k m)/D</c> and <c>L = log(N) + 2 log(s/D)</c>, with <c>m = t (1-t)</c> and D and N as
/// <see cref="SplinePlace{T}"/> has them.
/// </summary>
internal unsafe ref struct SplineSlopes<T>
    where T : unmanaged
{
    private Vector<T> _t;
    private Vector<T> _s;
    private Vector<T> _left;
    private Vector<T> _right;

    /// <summary>Takes the gradients of value and log-slope as functions of the bin.</summary>
    /// <param name="p">The places.</param>
    /// <param name="value">The gradient of y; of x for the inverse, which becomes that of y with the sign of
    /// <c>dx = (dy - dF)/F'</c>.</param>
    /// <param name="logSlope">The gradient of the log-slope.</param>
    /// <param name="inverse">Whether y was mapped to x.</param>
    /// <returns>The gradient to the point that was mapped.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Take(in SplinePlace<T> p, ref Vector<T> value, Vector<T> logSlope, bool inverse)
    {
        var (t, rest, m, s, left, right) = (p.Along, p.Rest, p.Mixed, p.Steepness, p.SlopeLeft, p.SlopeRight);
        var (two, oneOfN, oneOfD) = (Of<T>(2), Vector<T>.One / p.Numerator, Vector<T>.One / p.Denominator);
        var slope = s * oneOfD * s * oneOfD * p.Numerator;
        var (tt, rr) = (t * t, rest * rest);
        var turn = rest - t;

        // L by t, s, d_k and d_k+1.
        var ofT = two * (((right * t) + (s * turn) - (left * rest)) * oneOfN);
        ofT = logSlope * (ofT - (two * (left + right - (two * s)) * turn * oneOfD));
        _s = logSlope * (two * m * (oneOfN + ((left + right) * oneOfD / s)));
        _left = logSlope * ((rr * oneOfN) - (two * m * oneOfD));
        _right = logSlope * ((tt * oneOfN) - (two * m * oneOfD));
        var ofPoint = Vector<T>.Zero;
        if (inverse)
        {
            // L is taken at x, which moves with y and with the parameters.
            ofPoint = (value + (ofT / p.Width)) / slope;
            value = -ofPoint;
        }

        // h q by the same.
        var h = value * p.Height * oneOfD;
        _t = ofT + (value * slope * p.Width);
        h *= m * oneOfD;
        _s += h * ((right * tt) - (left * rr));
        _left += h * ((s * rr) + (right * m));
        _right -= h * ((s * tt) + (left * m));
        return inverse ? ofPoint : _t / p.Width;
    }

    /// <summary>Carries the gradients on to the raw parameters, in place of the shares and the raw slopes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Spread(in SplinePlace<T> p, Vector<T> value, in SplineVectors<T> splines, in SplineRows<T> rows)
    {
        var oneOfWidth = Vector<T>.One / p.Width;
        var (ofLength, ofPlace) = (_s * p.Steepness * oneOfWidth, _t * oneOfWidth);
        var q = ((p.Steepness * p.Along * p.Along) + (p.SlopeLeft * p.Mixed)) / p.Denominator;
        var ofHeight = (value * q) + (_s * oneOfWidth);
        Soften((Vector<T>*)splines.Widths, p.Bin, -ofPlace, -ofLength - (p.Along * ofPlace), rows);
        Soften((Vector<T>*)splines.Heights, p.Bin, value, ofHeight, rows);
        var raw = (Vector<T>*)splines.Slopes;
        var (left, right) = (_left * Sigmoid(p.RawLeft), _right * Sigmoid(p.RawRight));
        for (var k = 0; k < rows.Bins - 1; k++)
        {
            raw[k] = Vector.ConditionalSelect(Vector.Equals(p.Bin, Of<T>(k + 1)), left, Vector<T>.Zero)
                + Vector.ConditionalSelect(Vector.Equals(p.Bin, Of<T>(k)), right, Vector<T>.Zero);
        }
    }

    /// <summary>
    /// From where the bin begins and how large it is to the raw numbers whose softmax the shares are.
    /// </summary>
    private static void Soften(
        Vector<T>* shares, Vector<T> bin, Vector<T> ofStart, Vector<T> ofSize, in SplineRows<T> rows)
    {
        var mean = Vector<T>.Zero;
        for (var k = 0; k < rows.Bins; k++)
        {
            mean += shares[k] * OfShare(k, bin, ofStart, ofSize);
        }

        var length = Of<T>(2 * rows.Bound * (1 - (SplineKnots.Least * rows.Bins)));
        for (var k = 0; k < rows.Bins; k++)
        {
            shares[k] *= length * (OfShare(k, bin, ofStart, ofSize) - mean);
        }
    }

    // A share counts where the bins behind it begin, and is the size of its own.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> OfShare(int k, Vector<T> bin, Vector<T> ofStart, Vector<T> ofSize)
    {
        var at = Of<T>(k);
        return Vector.ConditionalSelect(
            Vector.GreaterThan(bin, at), ofStart,
            Vector.ConditionalSelect(Vector.Equals(bin, at), ofSize, Vector<T>.Zero));
    }
}
