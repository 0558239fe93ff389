using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bijectors.Kernels;

/// <summary>
/// Functions of vectors of float32 or float64 numbers, correct to about 2 units in the last place; NaN stays NaN.
/// </summary>
internal static class VectorMath
{
    /// <summary>A constant in every place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Of<T>(double value)
        where T : unmanaged => Vector.Create(Scalar<T>(value));

    /// <summary>A constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Scalar<T>(double value)
        where T : unmanaged => typeof(T) == typeof(float) ? (T)(object)(float)value : (T)(object)value;

    /// <summary><c>a b + c</c>, rounded once where the processor can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd<T>(Vector<T> a, Vector<T> b, Vector<T> c)
        where T : unmanaged =>
        typeof(T) == typeof(float)
            ? Vector.MultiplyAddEstimate(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
            : Vector.MultiplyAddEstimate(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    /// <summary><c>exp(x)</c>, exactly 1 at 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp<T>(Vector<T> x)
        where T : unmanaged => typeof(T) == typeof(float)
            ? Exp(x.As<T, float>()).As<float, T>()
            : Vector.Exp(x.As<T, double>()).As<double, T>();

    /// <summary><c>log(x)</c></summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Log<T>(Vector<T> x)
        where T : unmanaged =>
        typeof(T) == typeof(float)
            ? Vector.Log(x.As<T, float>()).As<float, T>()
            : Vector.Log(x.As<T, double>()).As<double, T>();

    /// <summary><c>log(1 + exp(x))</c></summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Softplus<T>(Vector<T> x)
        where T : unmanaged
    {
        // log(1 + u), corrected by what the rounding of 1 + u has lost.
        var u = Exp(-Vector.Abs(x));
        var sum = Vector<T>.One + u;
        return Vector.Max(x, Vector<T>.Zero) + Log(sum) + ((u - (sum - Vector<T>.One)) / sum);
    }

    /// <summary><c>1/(1 + exp(-x))</c></summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sigmoid<T>(Vector<T> x)
        where T : unmanaged
    {
        var u = Exp(-Vector.Abs(x));
        return Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), u, Vector<T>.One) / (Vector<T>.One + u);
    }

    /// <summary><c>tanh(x)</c>; near 0 by the approximations of Cephes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Tanh<T>(Vector<T> x)
        where T : unmanaged
    {
        var size = Vector.Abs(x);
        var far = Vector<T>.One - (Of<T>(2) / (Exp(size + size) + Vector<T>.One));
        var near = TanhNear(x);
        return Vector.ConditionalSelect(
            Vector.LessThan(size, Of<T>(0.625)), near,
            Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), -far, far));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> TanhNear<T>(Vector<T> x)
        where T : unmanaged
    {
        var z = x * x;
        if (typeof(T) == typeof(float))
        {
            var p = (Of<T>(-5.70498872745e-3) * z) + Of<T>(2.06390887954e-2);
            p = (p * z) - Of<T>(5.37397155531e-2);
            p = (p * z) + Of<T>(1.33314422036e-1);
            p = (p * z) - Of<T>(3.33332819422e-1);
            return x + (x * z * p);
        }

        var over = (((Of<T>(-9.64399179425052238628e-1) * z) - Of<T>(9.92877231001918586564e1)) * z)
            - Of<T>(1.61468768441708447952e3);
        var under = ((((z + Of<T>(1.12811678491632931402e2)) * z) + Of<T>(2.23548839060100448583e3)) * z)
            + Of<T>(4.84406305325125486048e3);
        return x + (x * z * over / under);
    }

    /// <summary>
    /// <c>2^n exp(r)</c> with <c>x = n log 2 + r</c>; the polynomial is that of Moshier's Cephes library, 1989.
    /// </summary>
    /// <remarks>The runtime's own goes by float64, in twice the time, and does not take 0 to 1.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Exp(Vector<float> x)
    {
        // Adding 1.5 2^23 leaves the nearest whole number in the last bits.
        const float shift = 12582912f;
        var bounded = Vector.ConditionalSelect(Vector.GreaterThan(x, Vector.Create(89f)), Vector.Create(89f), x);
        bounded =
            Vector.ConditionalSelect(Vector.LessThan(bounded, Vector.Create(-104f)), Vector.Create(-104f), bounded);
        var shifted = (bounded * 1.44269504f) + Vector.Create(shift);
        var n = shifted - Vector.Create(shift);
        var r = bounded - (n * 0.693359375f) - (n * -2.12194440e-4f);
        var p = Vector.Create(1.9875691500e-4f);
        p = (p * r) + Vector.Create(1.3981999507e-3f);
        p = (p * r) + Vector.Create(8.3334519073e-3f);
        p = (p * r) + Vector.Create(4.1665795894e-2f);
        p = (p * r) + Vector.Create(1.6666665459e-1f);
        p = (p * r) + Vector.Create(5.0000001201e-1f);
        p = (p * r * r) + r + Vector<float>.One;

        // In two halves: 2^n alone would leave the range before the product does.
        var whole = shifted.As<float, int>() - Vector.Create(0x4B400000);
        var half = Vector.ShiftRightArithmetic(whole, 1);
        return p * PowerOfTwo(half) * PowerOfTwo(whole - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> PowerOfTwo(Vector<int> n) =>
        Vector.ShiftLeft(n + Vector.Create(127), 23).As<int, float>();
}
