namespace Bijectors.Testing.Doctor;

/// <summary>
/// An operation that factors matrices too large for recorded loops. What torch gives is put into the equation that it
/// must solve, in plain loops in float64.
/// </summary>
/// <param name="Name">The name that the scan of our calls gives it.</param>
/// <param name="Call">The call of torch, of a matrix and right sides.</param>
/// <param name="Compare">Compares the numbers that it gave.</param>
internal sealed record LargeFactorization(
    string Name, Func<Tensor, Tensor, Tensor[]> Call, LargeFactorization.Comparison Compare)
    : Operation(Name, "a large matrix")
{
    /// <summary>Rows and columns of the matrix: LAPACK works through it in several blocks.</summary>
    public const int Size = 192;

    /// <summary>How many right sides.</summary>
    public const int Columns = 3;

    private static readonly int[] s_square = [Size, Size];

    private static readonly int[] s_sides = [Size, Columns];

    /// <summary>What must be, how far off it may be in epsilons of the dtype, and what is.</summary>
    /// <param name="matrix">The matrix, one row after another.</param>
    /// <param name="right">The right sides, one row after another.</param>
    /// <param name="results">What torch gave for it.</param>
    public delegate (double[] Expected, double[] Epsilons, double[] Got) Comparison(
        double[] matrix, double[] right, double[][] results);

    /// <inheritdoc/>
    public override Tally Check(TorchCheckOptions options)
    {
        var (tally, random) = (new Tally(), new Random(Size));
        var (matrix, right) = (Draw.Dominant.Numbers(random, s_square), Draw.Between(-3, 3).Numbers(random, s_sides));

        // Who asks for one thread alone does not want to know of several.
        var threads = options.Threads.Count == 1 ? options.Threads
            : options.Threads.Append(options.OwnThreads).Distinct();
        foreach (var count in threads)
        {
            set_num_threads(count);
            foreach (var dtype in (ReadOnlySpan<ScalarType>)[ScalarType.Float32, ScalarType.Float64])
            {
                string Where() =>
                    $"({string.Join(", ", s_square)}), {dtype.ToString().ToLowerInvariant()}, threads: {count}";
                try
                {
                    Compared(tally, options, dtype, matrix, right, Results(matrix, right, dtype), Where);
                }
                catch (Exception exception)
                {
                    tally.Threw("the call", exception, Where);
                }
            }
        }

        return tally;
    }

    private double[][] Results(double[] matrix, double[] right, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var silence = new Silence();
        var (a, b) = (Layout.Contiguous.Place(matrix, s_square, dtype), Layout.Contiguous.Place(right, s_sides, dtype));
        return [.. Call(a, b).Select(Layout.Read)];
    }

    private void Compared(
        Tally tally, TorchCheckOptions options, ScalarType dtype, double[] matrix, double[] right, double[][] results,
        Func<string> where)
    {
        var epsilon = dtype == ScalarType.Float64 ? 1.0 / (1L << 52) : 1.0 / (1 << 23);
        var (expected, epsilons, got) = Compare(matrix, right, results);
        options.Spoilt(Name, "value", got);
        tally.Compare("value", expected, [.. epsilons.Select(allowed => allowed * epsilon)], got, where);
    }
}
