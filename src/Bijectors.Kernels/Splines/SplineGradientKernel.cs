using System.Numerics;
using System.Runtime.CompilerServices;
using static Bijectors.Kernels.VectorMath;

namespace Bijectors.Kernels;

/// <summary>Where the gradients of one call go, and what they come from.</summary>
/// <param name="Places">x of each point.</param>
/// <param name="Values">The gradients of what the points were mapped to; null for zeros.</param>
/// <param name="LogSlopes">The gradients of the log-slopes; null for zeros.</param>
/// <param name="Points">Takes those of the points.</param>
/// <param name="Widths">Takes those of the raw widths.</param>
/// <param name="Heights">Takes those of the raw heights.</param>
/// <param name="Slopes">Takes those of the raw slopes.</param>
internal readonly record struct SplineGradients<T>(
    nint Places, nint Values, nint LogSlopes, nint Points, Rows<T> Widths, Rows<T> Heights, Rows<T> Slopes)
    where T : unmanaged
{
    /// <summary>Whether the parameters take gradients.</summary>
    public bool OfParameters => Widths.Start != 0;
}

/// <summary>
/// Gradients of values and log-slopes of splines to points and raw parameters, several points at a time.
/// </summary>
internal static unsafe class SplineGradientKernel
{
    /// <summary>Computes the gradients, all threads together.</summary>
    public static void Run<T>(SplineRows<T> rows, SplineGradients<T> gradients, long count)
        where T : unmanaged => Workers.Run(count, (from, to) => Run(rows, gradients, from, to));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<T>(in SplineRows<T> rows, in SplineGradients<T> gradients, long from, long to)
        where T : unmanaged
    {
        var bins = rows.Bins;
        var memory = stackalloc Vector<T>[SplineVectors<T>.Size(bins)];
        var splines = SplineVectors<T>.At(memory, bins);
        var bound = Of<T>(rows.Bound);
        var place = default(SplinePlace<T>);
        var slopes = default(SplineSlopes<T>);
        for (var i = from; i < to; i += Vector<T>.Count)
        {
            var lanes = (int)Math.Min(Vector<T>.Count, to - i);
            splines.Fill(rows, i, lanes);
            var point = Lanes.Load((T*)rows.Points, i, lanes);
            var outside = Vector.LessThan(point, -bound) | Vector.GreaterThan(point, bound);
            place.OfX(Lanes.Clamp(Lanes.Load((T*)gradients.Places, i, lanes), bound), splines, bins);

            // Outside, what is mapped is given back as it was, and no parameter counts.
            var given = Lanes.Load((T*)gradients.Values, i, lanes);
            var value = Vector.ConditionalSelect(outside, Vector<T>.Zero, given);
            var logSlope =
                Vector.ConditionalSelect(outside, Vector<T>.Zero, Lanes.Load((T*)gradients.LogSlopes, i, lanes));
            var ofPoint = slopes.Take(place, ref value, logSlope, rows.Inverse);
            Lanes.Store(Vector.ConditionalSelect(outside, given, ofPoint), (T*)gradients.Points, i, lanes);
            if (gradients.OfParameters)
            {
                slopes.Spread(place, value, splines, rows);
                gradients.Widths.Store(i, lanes, (Vector<T>*)splines.Widths);
                gradients.Heights.Store(i, lanes, (Vector<T>*)splines.Heights);
                gradients.Slopes.Store(i, lanes, (Vector<T>*)splines.Slopes);
            }
        }
    }
}
