#if !NET9_0_OR_GREATER
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Bijectors.Kernels;

/// <summary>
/// What .NET 8 lacks of <see cref="Vector"/> and <see cref="Vector512"/>, under the names they have had since .NET 9.
/// </summary>
internal static class VectorsOfNet8
{
    extension(Vector)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Create<T>(T value)
            where T : unmanaged => new(value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> MultiplyAddEstimate(Vector<float> a, Vector<float> b, Vector<float> c) =>
            Vector<float>.Count == 8 && Fma.IsSupported
                ? Fma.MultiplyAdd(a.AsVector256(), b.AsVector256(), c.AsVector256()).AsVector()
                : (a * b) + c;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<double> MultiplyAddEstimate(Vector<double> a, Vector<double> b, Vector<double> c) =>
            Vector<double>.Count == 4 && Fma.IsSupported
                ? Fma.MultiplyAdd(a.AsVector256(), b.AsVector256(), c.AsVector256()).AsVector()
                : (a * b) + c;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> FusedMultiplyAdd(Vector<float> a, Vector<float> b, Vector<float> c) =>
            Vector<float>.Count == 8 && Fma.IsSupported
                ? Fma.MultiplyAdd(a.AsVector256(), b.AsVector256(), c.AsVector256()).AsVector()
                : FusedByNumbers(a, b, c);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<double> FusedMultiplyAdd(Vector<double> a, Vector<double> b, Vector<double> c) =>
            Vector<double>.Count == 4 && Fma.IsSupported
                ? Fma.MultiplyAdd(a.AsVector256(), b.AsVector256(), c.AsVector256()).AsVector()
                : FusedByNumbers(a, b, c);

        public static Vector<double> Exp(Vector<double> x) => ByNumbers(x, Math.Exp);

        public static Vector<double> Log(Vector<double> x) => ByNumbers(x, Math.Log);

        public static Vector<float> Log(Vector<float> x) => ByNumbers(x, MathF.Log);
    }

    // Called only where these vectors are at full speed, which on .NET 8 is AVX-512 alone.
    extension(Vector512)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> MultiplyAddEstimate(
            Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
            Avx512F.FusedMultiplyAdd(a, b, c);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> MultiplyAddEstimate(
            Vector512<double> a, Vector512<double> b, Vector512<double> c) =>
            Avx512F.FusedMultiplyAdd(a, b, c);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> FusedMultiplyAdd(
            Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
            Avx512F.FusedMultiplyAdd(a, b, c);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> FusedMultiplyAdd(
            Vector512<double> a, Vector512<double> b, Vector512<double> c) =>
            Avx512F.FusedMultiplyAdd(a, b, c);
    }

    // Not inlined: a loop of the caller would take stack again in every turn.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector<T> ByNumbers<T>(Vector<T> x, Func<T, T> f)
        where T : unmanaged
    {
        Span<T> numbers = stackalloc T[Vector<T>.Count];
        x.CopyTo(numbers);
        foreach (ref var number in numbers)
        {
            number = f(number);
        }

        return new(numbers);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector<T> FusedByNumbers<T>(Vector<T> a, Vector<T> b, Vector<T> c)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<T> numbers = stackalloc T[Vector<T>.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = T.FusedMultiplyAdd(a[i], b[i], c[i]);
        }

        return new(numbers);
    }
}
#endif
