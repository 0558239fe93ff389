namespace Bijectors.Testing.Doctor;

/// <summary>
/// Factors of matrices that LAPACK works through in blocks, one at a time. Of batches of them nothing is asked: where
/// several threads are at the matrices of a batch, torch's LAPACK may never return.
/// </summary>
internal static class LargeMatrices
{
    private const int N = LargeFactorization.Size;

    // An elimination of n columns may be off by about n roundings.
    private const double Roundings = 4 * N;

    public static IReadOnlyList<Operation> Rows { get; } =
    [
        new LargeFactorization("linalg.slogdet", (a, _) => Both(linalg.slogdet(a)), Determinant),
        new LargeFactorization(
            "linalg.inv", (a, _) => [linalg.inv(a)], (a, _, x) => Equation(a, x[0], Identity())),
        new LargeFactorization("linalg.solve", (a, b) => [linalg.solve(a, b)], (a, b, x) => Equation(a, x[0], b)),
    ];

    private static (double[] Expected, double[] Epsilons, double[] Got) Determinant(
        double[] matrix, double[] right, double[][] results)
    {
        var (sign, logAbs) = SignAndLogAbs(matrix);
        return ([sign, logAbs], [0, Roundings * Math.Abs(logAbs)], [results[0][0], results[1][0]]);
    }

    /// <summary><c>A X</c> against what it must be.</summary>
    private static (double[] Expected, double[] Epsilons, double[] Got) Equation(double[] a, double[] x, double[] right)
    {
        var columns = x.Length / N;
        var (product, terms) = (new double[right.Length], new double[right.Length]);
        for (var i = 0; i < N; i++)
        {
            for (var k = 0; k < N; k++)
            {
                var factor = a[(i * N) + k];
                for (var j = 0; j < columns; j++)
                {
                    var term = factor * x[(k * columns) + j];
                    product[(i * columns) + j] += term;
                    terms[(i * columns) + j] += Math.Abs(term);
                }
            }
        }

        return (right, [.. terms.Select(sum => Roundings * sum)], product);
    }

    private static double[] Identity()
    {
        var identity = new double[N * N];
        for (var i = 0; i < N; i++)
        {
            identity[(i * N) + i] = 1;
        }

        return identity;
    }

    /// <summary>By Gauss's elimination with the largest entry of each column as pivot.</summary>
    private static (double Sign, double LogAbs) SignAndLogAbs(double[] matrix)
    {
        var rows = Enumerable.Range(0, N).Select(i => matrix[(i * N)..((i + 1) * N)]).ToArray();
        var (sign, logAbs) = (1.0, 0.0);
        for (var k = 0; k < N; k++)
        {
            var pivot = Enumerable.Range(k, N - k).MaxBy(i => Math.Abs(rows[i][k]));
            sign *= pivot == k ? 1 : -1;
            (rows[k], rows[pivot]) = (rows[pivot], rows[k]);
            sign *= Math.Sign(rows[k][k]);
            logAbs += Math.Log(Math.Abs(rows[k][k]));
            for (var i = k + 1; i < N; i++)
            {
                var factor = rows[i][k] / rows[k][k];
                for (var j = k; j < N; j++)
                {
                    rows[i][j] -= factor * rows[k][j];
                }
            }
        }

        return (sign, logAbs);
    }

    private static Tensor[] Both((Tensor A, Tensor B) pair) => [pair.A, pair.B];
}
