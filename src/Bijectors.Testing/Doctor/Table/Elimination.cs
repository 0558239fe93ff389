namespace Bijectors.Testing.Doctor;

/// <summary>Gauss's elimination and what follows from it, in plain loops.</summary>
internal static class Elimination
{
    public static RealArray Transposed(RealArray x) => RealArray.Of([x.Shape[1], x.Shape[0]], at => x[at[1], at[0]]);

    /// <summary><c>P, L, U</c> with <c>A = P L U</c>; in each column the largest entry is the pivot.</summary>
    public static RealArray[] PermutedFactors(RealArray a)
    {
        var (order, lower, upper) = Eliminate(a);
        var n = order.Length;
        return
        [
            RealArray.Of([n, n], at => order[at[1]] == at[0] ? 1 : 0),
            RealArray.Of([n, n], at => at[0] == at[1] ? 1 : at[1] < at[0] ? lower[at[0], at[1]] : 0),
            RealArray.Of([n, n], at => at[1] < at[0] ? 0 : upper[at[0], at[1]]),
        ];
    }

    /// <summary>The sign of the determinant and the logarithm of its absolute value.</summary>
    public static RealArray[] SignAndLogDet(RealArray a)
    {
        var (order, _, upper) = Eliminate(a);
        var sign = 1;
        for (var i = 0; i < order.Length; i++)
        {
            var exchanges = order.Skip(i + 1).Count(later => later < order[i]);
            sign *= Math.Sign(upper[i, i].Value) * (exchanges % 2 == 0 ? 1 : -1);
        }

        return [RealArray.Of(sign), RealArray.Of(Real.Sum(order.Length, i => upper[i, i].Abs().Log()))];
    }

    /// <summary>The inverse, one column after another.</summary>
    public static RealArray Inverse(RealArray a)
    {
        var factors = PermutedFactors(a);
        var permuted = Solved(factors[1], Transposed(factors[0]), upper: false, unit: true);
        return Solved(factors[2], permuted, upper: true, unit: false);
    }

    /// <summary>
    /// X with <c>A X = B</c>; of A only one triangle is read, and its diagonal only where it is not taken as 1.
    /// </summary>
    public static RealArray Solved(RealArray a, RealArray b, bool upper, bool unit)
    {
        var n = a.Shape[0];
        var x = new RealArray(b.Shape, new Real[b.Values.Length]);
        for (var step = 0; step < n; step++)
        {
            var i = upper ? n - 1 - step : step;
            for (var j = 0; j < b.Shape[1]; j++)
            {
                var rest = b[i, j] - Real.Dot(step, k => (a[i, upper ? n - 1 - k : k], x[upper ? n - 1 - k : k, j]));
                x.Values[(i * b.Shape[1]) + j] = unit ? rest : rest / a[i, i];
            }
        }

        return x;
    }

    private static (int[] Order, Real[,] Lower, Real[,] Upper) Eliminate(RealArray a)
    {
        var n = a.Shape[0];
        var (order, lower, upper) = (Enumerable.Range(0, n).ToArray(), new Real[n, n], new Real[n, n]);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                upper[i, j] = a[i, j];
            }
        }

        for (var k = 0; k < n; k++)
        {
            var pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(upper[i, k].Value));
            (order[k], order[pivot]) = (order[pivot], order[k]);
            for (var j = 0; j < n; j++)
            {
                (upper[k, j], upper[pivot, j]) = (upper[pivot, j], upper[k, j]);
                (lower[k, j], lower[pivot, j]) = (lower[pivot, j], lower[k, j]);
            }

            for (var i = k + 1; i < n; i++)
            {
                lower[i, k] = upper[i, k] / upper[k, k];
                for (var j = k; j < n; j++)
                {
                    upper[i, j] -= lower[i, k] * upper[k, j];
                }
            }
        }

        return (order, lower, upper);
    }
}
