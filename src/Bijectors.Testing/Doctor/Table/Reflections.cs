namespace Bijectors.Testing.Doctor;

/// <summary>Householder's reflections: <c>A = Q R</c>, with the signs that LAPACK gives, in plain loops.</summary>
internal static class Reflections
{
    /// <summary>Q and R of a square matrix.</summary>
    public static RealArray[] Factors(RealArray a)
    {
        var n = a.Shape[0];
        var r = (Real[])a.Values.Clone();
        var q = RealArray.Of([n, n], at => at[0] == at[1] ? 1 : 0).Values;
        for (var k = 0; k < n - 1; k++)
        {
            var column = Enumerable.Range(k, n - k).Select(i => r[(i * n) + k]).ToArray();
            var length = Real.Dot(column.Length, i => (column[i], column[i])).Sqrt();
            column[0] += column[0].Value < 0 ? -length : length;
            var half = Real.Dot(column.Length, i => (column[i], column[i])) / 2;
            for (var j = 0; j < n; j++)
            {
                Reflect(column, half, i => ((k + i) * n) + j, r);
                Reflect(column, half, i => (j * n) + k + i, q);
            }
        }

        return [new([n, n], q), RealArray.Of([n, n], at => at[1] < at[0] ? 0 : r[(at[0] * n) + at[1]])];
    }

    private static void Reflect(Real[] normal, Real half, Func<int, int> place, Real[] numbers)
    {
        var share = Real.Dot(normal.Length, i => (normal[i], numbers[place(i)])) / half;
        for (var i = 0; i < normal.Length; i++)
        {
            numbers[place(i)] -= share * normal[i];
        }
    }
}
