namespace Bijectors.Testing.Doctor;

/// <summary>
/// Singular values by Jacobi's rotations of columns. The derivative of one with respect to an entry is the product of
/// the entries of its vectors, so it is written as <c>sum_ij u_i a_ij v_j</c> with the vectors taken as constants.
/// </summary>
internal sealed class SingularValues
{
    private const int Sweeps = 40;

    private readonly RealArray _matrix;
    private readonly double[][] _columns;
    private readonly double[][] _right;

    /// <summary>
    /// Rotates the columns, or the rows of a matrix that is wider than high, until they are orthogonal.
    /// </summary>
    public SingularValues(RealArray matrix)
    {
        _matrix = matrix.Shape[0] < matrix.Shape[1] ? Elimination.Transposed(matrix) : matrix;
        var (rows, count) = (_matrix.Shape[0], _matrix.Shape[1]);
        _columns = Vectors(count, rows, (j, i) => _matrix[i, j].Value);
        _right = Vectors(count, count, (j, i) => i == j ? 1 : 0);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            for (var p = 0; p < count; p++)
            {
                for (var q = p + 1; q < count; q++)
                {
                    Rotate(p, q);
                }
            }
        }
    }

    /// <summary>All of them, the greatest first.</summary>
    public RealArray All()
    {
        var lengths = _columns.Select(column => Math.Sqrt(Dot(column, column))).ToArray();
        var order = Enumerable.Range(0, lengths.Length).OrderByDescending(j => lengths[j]).ToArray();
        return RealArray.Of([lengths.Length], at => Value(order[at[0]], lengths));
    }

    private Real Value(int which, double[] lengths)
    {
        // Vectors turn by rounding where values are close to one another.
        var others = lengths.Where((_, j) => j != which).Append(0);
        var apart = others.Min(length => Math.Abs(length - lengths[which]));
        var turned = _matrix.Shape[0] * lengths.Max() / apart;
        return Real.Dot(_matrix.Values.Length, k =>
        {
            var (i, j) = (k / _matrix.Shape[1], k % _matrix.Shape[1]);
            return (Real.Constant(_columns[which][i] / lengths[which] * _right[which][j], turned), _matrix[i, j]);
        });
    }

    private void Rotate(int p, int q)
    {
        var inner = Dot(_columns[p], _columns[q]);
        if (inner == 0)
        {
            return;
        }

        var t = (Dot(_columns[q], _columns[q]) - Dot(_columns[p], _columns[p])) / (2 * inner);
        var tangent = (t < 0 ? -1 : 1) / (Math.Abs(t) + Math.Sqrt(1 + (t * t)));
        var cosine = 1 / Math.Sqrt(1 + (tangent * tangent));
        foreach (var vectors in (double[][][])[_columns, _right])
        {
            for (var i = 0; i < vectors[p].Length; i++)
            {
                var (a, b) = (vectors[p][i], vectors[q][i]);
                (vectors[p][i], vectors[q][i]) = (cosine * (a - (tangent * b)), cosine * (b + (tangent * a)));
            }
        }
    }

    private static double[][] Vectors(int count, int size, Func<int, int, double> entry) =>
        [.. Enumerable.Range(0, count).Select(j => Enumerable.Range(0, size).Select(i => entry(j, i)).ToArray())];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();
}
