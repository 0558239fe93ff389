using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bijectors.Kernels;

/// <summary>
/// Numbers that lie one after another, a vector at a time; the last vector may be filled in part only.
/// </summary>
internal static unsafe class Lanes
{
    /// <summary>
    /// The numbers from <paramref name="index"/> on; zeros in the lanes behind the last, and everywhere where
    /// there is no memory.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Load<T>(T* memory, long index, int lanes)
        where T : unmanaged
    {
        if (memory == null)
        {
            return Vector<T>.Zero;
        }

        if (lanes == Vector<T>.Count)
        {
            return Vector.Load(memory + index);
        }

        var part = Vector<T>.Zero;
        new Span<T>(memory + index, lanes).CopyTo(new Span<T>(&part, lanes));
        return part;
    }

    /// <summary>Moves what is outside of [-bound, bound] to its border; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Clamp<T>(Vector<T> x, Vector<T> bound)
        where T : unmanaged =>
        Vector.ConditionalSelect(
            Vector.LessThan(x, -bound), -bound, Vector.ConditionalSelect(Vector.GreaterThan(x, bound), bound, x));

    /// <summary>Writes the lanes that there are; nothing where there is no memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector<T> values, T* memory, long index, int lanes)
        where T : unmanaged
    {
        if (memory == null)
        {
            return;
        }

        if (lanes == Vector<T>.Count)
        {
            Vector.Store(values, memory + index);
        }
        else
        {
            new Span<T>(&values, lanes).CopyTo(new Span<T>(memory + index, lanes));
        }
    }
}
