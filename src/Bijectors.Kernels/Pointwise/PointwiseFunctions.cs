using System.Numerics;
using System.Runtime.CompilerServices;
using static Bijectors.Kernels.VectorMath;

namespace Bijectors.Kernels;

/// <summary><c>x exp(s) + t</c> of (x, s, t).</summary>
internal readonly struct ScaleShiftOf<T> : IPointwise<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Of(Vector<T> a, Vector<T> b, Vector<T> c, out Vector<T> second)
    {
        second = default;
        return (a * Exp(b)) + c;
    }
}

/// <summary><c>(y - t) exp(-s)</c> of (y, s, t).</summary>
internal readonly struct UnscaleOf<T> : IPointwise<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Of(Vector<T> a, Vector<T> b, Vector<T> c, out Vector<T> second)
    {
        second = default;
        return (a - c) * Exp(-b);
    }
}

/// <summary>The gradients <c>g exp(s)</c> and <c>g exp(s) x</c> to x and s, of (g, s, x).</summary>
internal readonly struct ScaleShiftGradient<T> : IPointwise<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Of(Vector<T> a, Vector<T> b, Vector<T> c, out Vector<T> second)
    {
        var first = a * Exp(b);
        second = first * c;
        return first;
    }
}

/// <summary>The gradients <c>g exp(-s)</c> and <c>-g x</c> to y and s, of (g, s, x).</summary>
internal readonly struct UnscaleGradient<T> : IPointwise<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Of(Vector<T> a, Vector<T> b, Vector<T> c, out Vector<T> second)
    {
        second = -(a * c);
        return a * Exp(-b);
    }
}

/// <summary><c>limit tanh(a / limit)</c></summary>
internal readonly struct BoundedOf<T>(double limit) : IPointwise<T>
    where T : unmanaged
{
    private readonly Vector<T> _limit = VectorMath.Of<T>(limit);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Of(Vector<T> a, Vector<T> b, Vector<T> c, out Vector<T> second)
    {
        second = default;
        return _limit * Tanh(a / _limit);
    }
}

/// <summary>The gradient <c>g (1 - (u / limit)^2)</c>, of (g, u) where u is the result.</summary>
internal readonly struct BoundedGradient<T>(double limit) : IPointwise<T>
    where T : unmanaged
{
    private readonly Vector<T> _limit = VectorMath.Of<T>(limit);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Of(Vector<T> a, Vector<T> b, Vector<T> c, out Vector<T> second)
    {
        second = default;
        var tanh = b / _limit;
        return a * (Vector<T>.One - (tanh * tanh));
    }
}
