using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bijectors.Kernels;

/// <summary>
/// Rows of <paramref name="Count"/> numbers each, <paramref name="Stride"/> apart: lane by lane to and from vectors,
/// one row in each lane.
/// </summary>
/// <param name="Start">The first number of the first row.</param>
/// <param name="Stride">From row to row.</param>
/// <param name="Count">The numbers of a row.</param>
internal readonly unsafe record struct Rows<T>(nint Start, long Stride, int Count)
    where T : unmanaged
{
    /// <summary>Where a row begins; 0 where there are none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nint At(long row) => Start == 0 ? 0 : (nint)((T*)Start + (row * Stride));

    /// <summary>Takes rows apart: number k of each goes to <c>into[k]</c>. Lanes without a row get zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Load(long row, int lanes, Vector<T>* into)
    {
        if (lanes < Vector<T>.Count)
        {
            new Span<Vector<T>>(into, Count).Clear();
        }

        for (var lane = 0; lane < lanes; lane++)
        {
            var from = (T*)Start + ((row + lane) * Stride);
            var to = (T*)into + lane;
            for (var k = 0; k < Count; k++)
            {
                to[k * Vector<T>.Count] = from[k];
            }
        }
    }

    /// <summary>Puts rows together, the reverse of <see cref="Load"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(long row, int lanes, Vector<T>* values)
    {
        for (var lane = 0; lane < lanes; lane++)
        {
            var to = (T*)Start + ((row + lane) * Stride);
            var from = (T*)values + lane;
            for (var k = 0; k < Count; k++)
            {
                to[k] = from[k * Vector<T>.Count];
            }
        }
    }
}
