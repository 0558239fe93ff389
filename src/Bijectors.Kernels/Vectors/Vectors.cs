using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bijectors.Kernels;

/// <summary>
/// The widest vectors that the processor has at full speed: of 512 bits, or those of <see cref="Vector{T}"/>, which the
/// runtime keeps at 256 bits. What computes each number separately, or adds up along a walk that is the same for each,
/// gives the same bits with either.
/// </summary>
internal static unsafe class Vectors
{
    /// <summary>Whether they are wider than <see cref="Vector{T}"/>.</summary>
    public static bool AreWide
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.IsHardwareAccelerated && Vector<byte>.Count < Vector512<byte>.Count;
    }

    /// <summary>The numbers of one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Lanes<T>()
        where T : unmanaged => AreWide ? Vector512<T>.Count : Vector<T>.Count;

    /// <summary>Puts pairs of vectors that lie apart one after another.</summary>
    /// <param name="from">The first pair.</param>
    /// <param name="step">From a pair to the next.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="to">Takes them.</param>
    public static void CopyPairs<T>(T* from, long step, int count, T* to)
        where T : unmanaged
    {
        if (AreWide)
        {
            CopyPairs<T, Vector512<T>, WideVectors<T>>(from, step, count, to);
        }
        else
        {
            CopyPairs<T, Vector<T>, UsualVectors<T>>(from, step, count, to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyPairs<T, TVector, TVectors>(T* from, long step, int count, T* to)
        where T : unmanaged
        where TVector : unmanaged
        where TVectors : struct, IVectors<T, TVector>
    {
        var lanes = sizeof(TVector) / sizeof(T);
        for (; count > 0; count--, from += step, to += 2 * lanes)
        {
            TVectors.Store(TVectors.Load(from), to);
            TVectors.Store(TVectors.Load(from + lanes), to + lanes);
        }
    }
}

/// <summary>Vectors of one width.</summary>
internal unsafe interface IVectors<T, TVector>
    where T : unmanaged
    where TVector : unmanaged
{
    /// <summary>The numbers at a place in memory.</summary>
    static abstract TVector Load(T* from);

    /// <summary>Writes the numbers.</summary>
    static abstract void Store(TVector values, T* to);

    /// <summary>The same number in every place.</summary>
    static abstract TVector Of(T value);

    /// <summary><c>a b + c</c>, rounded once where the processor can.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary><c>a b + c</c>, rounded once.</summary>
    static abstract TVector FusedMultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary><c>a + b</c></summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary><c>a - b</c></summary>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary><c>a b</c></summary>
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary><c>a / b</c></summary>
    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>The square root.</summary>
    static abstract TVector Sqrt(TVector a);

    /// <summary>The values where the active ones are positive or NaN, else 0.</summary>
    static abstract TVector WhereActive(TVector values, TVector active);
}

/// <inheritdoc/>
internal readonly unsafe struct UsualVectors<T> : IVectors<T, Vector<T>>
    where T : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Load(T* from) => Vector.Load(from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector<T> values, T* to) => Vector.Store(values, to);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Of(T value) => Vector.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd(Vector<T> a, Vector<T> b, Vector<T> c) => VectorMath.MultiplyAdd(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> FusedMultiplyAdd(Vector<T> a, Vector<T> b, Vector<T> c) => typeof(T) == typeof(float)
        ? Vector.FusedMultiplyAdd(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
        : Vector.FusedMultiplyAdd(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Add(Vector<T> a, Vector<T> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Subtract(Vector<T> a, Vector<T> b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Multiply(Vector<T> a, Vector<T> b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Divide(Vector<T> a, Vector<T> b) => a / b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sqrt(Vector<T> a) => Vector.SquareRoot(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> WhereActive(Vector<T> values, Vector<T> active) =>
        Vector.ConditionalSelect(Vector.LessThanOrEqual(active, Vector<T>.Zero), Vector<T>.Zero, values);
}

/// <inheritdoc/>
internal readonly unsafe struct WideVectors<T> : IVectors<T, Vector512<T>>
    where T : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load(T* from) => Vector512.Load(from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<T> values, T* to) => Vector512.Store(values, to);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Of(T value) => Vector512.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd(Vector512<T> a, Vector512<T> b, Vector512<T> c) => typeof(T) == typeof(float)
        ? Vector512.MultiplyAddEstimate(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
        : Vector512.MultiplyAddEstimate(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> FusedMultiplyAdd(Vector512<T> a, Vector512<T> b, Vector512<T> c) =>
        typeof(T) == typeof(float)
        ? Vector512.FusedMultiplyAdd(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
        : Vector512.FusedMultiplyAdd(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Add(Vector512<T> a, Vector512<T> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Subtract(Vector512<T> a, Vector512<T> b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Multiply(Vector512<T> a, Vector512<T> b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Divide(Vector512<T> a, Vector512<T> b) => a / b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Sqrt(Vector512<T> a) => Vector512.Sqrt(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> WhereActive(Vector512<T> values, Vector512<T> active) =>
        Vector512.ConditionalSelect(Vector512.LessThanOrEqual(active, Vector512<T>.Zero), Vector512<T>.Zero, values);
}
