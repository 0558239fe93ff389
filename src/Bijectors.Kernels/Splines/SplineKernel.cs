using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bijectors.Kernels;

/// <summary>Values and log-slopes of splines, several points at a time.</summary>
internal static unsafe class SplineKernel
{
    /// <summary>Maps points, all threads together.</summary>
    /// <param name="rows">The points and their parameters.</param>
    /// <param name="values">Takes y for x, or x for y.</param>
    /// <param name="logSlopes">Takes log(dy/dx); null where it is not asked for.</param>
    /// <param name="count">The number of points.</param>
    public static void Map<T>(SplineRows<T> rows, nint values, nint logSlopes, long count)
        where T : unmanaged => Workers.Run(count, (from, to) => Map(rows, (T*)values, (T*)logSlopes, from, to));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Map<T>(in SplineRows<T> rows, T* values, T* logSlopes, long from, long to)
        where T : unmanaged
    {
        var bins = rows.Bins;
        var memory = stackalloc Vector<T>[SplineVectors<T>.Size(bins)];
        var splines = SplineVectors<T>.At(memory, bins);
        var bound = VectorMath.Of<T>(rows.Bound);
        var place = default(SplinePlace<T>);
        for (var i = from; i < to; i += Vector<T>.Count)
        {
            var lanes = (int)Math.Min(Vector<T>.Count, to - i);
            splines.Fill(rows, i, lanes);
            var point = Lanes.Load((T*)rows.Points, i, lanes);
            var outside = Vector.LessThan(point, -bound) | Vector.GreaterThan(point, bound);
            var inside = Lanes.Clamp(point, bound);
            Vector<T> value;
            if (rows.Inverse)
            {
                place.OfY(inside, splines, bins);
                value = place.Point;
            }
            else
            {
                place.OfX(inside, splines, bins);
                value = place.Value;
            }

            // Rounding does not carry a point out of the interval.
            Lanes.Store(Vector.ConditionalSelect(outside, point, Lanes.Clamp(value, bound)), values, i, lanes);
            if (logSlopes != null)
            {
                Lanes.Store(Vector.ConditionalSelect(outside, Vector<T>.Zero, place.LogSlope), logSlopes, i, lanes);
            }
        }
    }
}
