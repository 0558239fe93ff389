using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bijectors;

/// <summary>
/// The vectors that tiles of matrix products are made of: of 512 bits where the processor has them at full speed, else those of <see cref="Vector{T}"/>, which the
/// runtime keeps at 256 bits. Sums run along the depth, number by number, so that their width changes no bit.
/// </summary>
internal static class TileVectors
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
}

/// <summary>What a tile does with its vectors.</summary>
internal unsafe interface ITileVectors<T, TVector>
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

    /// <summary><c>a + b</c></summary>
    static abstract TVector Add(TVector a, TVector b);
}

/// <inheritdoc/>
internal readonly unsafe struct UsualVectors<T> : ITileVectors<T, Vector<T>>
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
    public static Vector<T> Add(Vector<T> a, Vector<T> b) => a + b;
}

/// <inheritdoc/>
internal readonly unsafe struct WideVectors<T> : ITileVectors<T, Vector512<T>>
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
    public static Vector512<T> Add(Vector512<T> a, Vector512<T> b) => a + b;
}
