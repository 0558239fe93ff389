namespace Bijectors.Testing.Doctor;

/// <summary>
/// An operation that factors matrices too large for recorded loops. What torch gives is put into the equation that it
/// must solve, in plain loops in float64.
/// </summary>
/// <param name="Name">The name that the scan of our calls gives it.</param>
/// <param name="Batch">How many matrices at once; 0 for one that is no batch.</param>
/// <param name="Call">The call of torch, of matrices and right sides.</param>
/// <param name="Compare">Compares the numbers that it gave for one matrix.</param>
internal sealed record LargeFactorization(
    string Name, int Batch, Func<Tensor, Tensor, Tensor[]> Call, LargeFactorization.Comparison Compare)
    : Operation(Name, Batch == 0 ? "a large matrix" : "a batch of large matrices")
{
    /// <summary>Rows and columns of each matrix: LAPACK works through it in several blocks.</summary>
    public const int Size = 192;

    /// <summary>Columns of each right side.</summary>
    public const int Columns = 3;

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
        int[] batch = Batch == 0 ? [] : [Batch];
        var (shape, sides) = ((int[])[.. batch, Size, Size], (int[])[.. batch, Size, Columns]);
        var (matrices, right) = (Draw.Dominant.Numbers(random, shape), Draw.Between(-3, 3).Numbers(random, sides));

        // Who asks for one thread alone does not want to know of several.
        var threads = options.Threads.Count == 1 ? options.Threads
            : options.Threads.Append(options.OwnThreads).Distinct();
        foreach (var count in threads)
        {
            set_num_threads(count);
            foreach (var dtype in (ReadOnlySpan<ScalarType>)[ScalarType.Float32, ScalarType.Float64])
            {
                string Where() =>
                    $"({string.Join(", ", shape)}), {dtype.ToString().ToLowerInvariant()}, threads: {count}";
                try
                {
                    var results = Results(shape, matrices, sides, right, dtype);
                    Compared(tally, options, dtype, matrices, right, results, Where);
                }
                catch (Exception exception)
                {
                    tally.Threw("the call", exception, Where);
                }
            }
        }

        return tally;
    }

    private double[][] Results(int[] shape, double[] matrices, int[] sides, double[] right, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var silence = new Silence();
        var (a, b) = (Layout.Contiguous.Place(matrices, shape, dtype), Layout.Contiguous.Place(right, sides, dtype));
        return [.. Call(a, b).Select(Layout.Read)];
    }

    private void Compared(
        Tally tally, TorchCheckOptions options, ScalarType dtype, double[] matrices, double[] right, double[][] results,
        Func<string> where)
    {
        var epsilon = dtype == ScalarType.Float64 ? 1.0 / (1L << 52) : 1.0 / (1 << 23);
        var count = Math.Max(Batch, 1);
        for (var i = 0; i < count; i++)
        {
            var (expected, epsilons, got) =
                Compare(Part(matrices, i), Part(right, i), [.. results.Select(result => Part(result, i))]);
            options.Spoilt(Name, "value", got);
            tally.Compare("value", expected, [.. epsilons.Select(allowed => allowed * epsilon)], got, where);
        }

        double[] Part(double[] numbers, int i) =>
            numbers[(numbers.Length / count * i)..(numbers.Length / count * (i + 1))];
    }
}
