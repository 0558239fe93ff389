using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bijectors.Kernels;

/// <summary>Points and the raw parameters of the spline of each: row i of the parameters belongs to point i.</summary>
/// <param name="Points">The points, one after another.</param>
/// <param name="Widths">K a row.</param>
/// <param name="Heights">K a row.</param>
/// <param name="Slopes">K - 1 a row.</param>
/// <param name="Bound">Where the identity begins.</param>
/// <param name="Inverse">Whether points are mapped backwards.</param>
internal readonly record struct SplineRows<T>(
    nint Points, Rows<T> Widths, Rows<T> Heights, Rows<T> Slopes, double Bound, bool Inverse)
    where T : unmanaged
{
    /// <summary>The number K of bins.</summary>
    public int Bins => Widths.Count;
}

/// <summary>The splines of one vector of points: shares of the bins, and knots, in memory of the caller.</summary>
/// <param name="Widths">The softmax of the raw widths, K vectors.</param>
/// <param name="Heights">The softmax of the raw heights, K vectors.</param>
/// <param name="Slopes">The raw slopes, K - 1 vectors.</param>
/// <param name="X">The knots, K + 1 vectors.</param>
/// <param name="Y">The knots, K + 1 vectors.</param>
internal readonly unsafe record struct SplineVectors<T>(nint Widths, nint Heights, nint Slopes, nint X, nint Y)
    where T : unmanaged
{
    /// <summary>The number of vectors that all of it takes.</summary>
    public static int Size(int bins) => (5 * bins) + 1;

    /// <summary>Places all of it one after another.</summary>
    public static SplineVectors<T> At(Vector<T>* memory, int bins) => new(
        (nint)memory, (nint)(memory + bins), (nint)(memory + (2 * bins)), (nint)(memory + (3 * bins) - 1),
        (nint)(memory + (4 * bins)));

    /// <summary>Computes the splines of the points from <paramref name="row"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fill(in SplineRows<T> rows, long row, int lanes)
    {
        rows.Widths.Load(row, lanes, (Vector<T>*)Widths);
        rows.Heights.Load(row, lanes, (Vector<T>*)Heights);
        rows.Slopes.Load(row, lanes, (Vector<T>*)Slopes);
        Knots((Vector<T>*)Widths, (Vector<T>*)X, rows.Bins, rows.Bound);
        Knots((Vector<T>*)Heights, (Vector<T>*)Y, rows.Bins, rows.Bound);
    }

    private static void Knots(Vector<T>* shares, Vector<T>* knots, int bins, double bound)
    {
        var most = shares[0];
        for (var i = 1; i < bins; i++)
        {
            most = Vector.Max(most, shares[i]);
        }

        var sum = Vector<T>.Zero;
        for (var i = 0; i < bins; i++)
        {
            shares[i] = VectorMath.Exp(shares[i] - most);
            sum += shares[i];
        }

        var whole = Vector<T>.One / sum;
        var least = VectorMath.Of<T>(SplineKnots.Least);
        var rest = VectorMath.Of<T>(1 - (SplineKnots.Least * bins));
        var (end, length) = (VectorMath.Of<T>(bound), VectorMath.Of<T>(2 * bound));
        var (below, lost) = (Vector<T>.Zero, Vector<T>.Zero);
        knots[0] = -end;
        for (var i = 0; i < bins; i++)
        {
            shares[i] *= whole;

            // Kahan's sum: torch adds float32 numbers in float64.
            var size = least + (rest * shares[i]) - lost;
            var next = below + size;
            lost = next - below - size;
            below = next;
            knots[i + 1] = (length * below) - end;
        }

        knots[bins] = end;
    }
}
