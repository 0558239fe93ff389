namespace Bijectors.Testing.Doctor;

/// <summary>An operation whose results are known from loops in float64.</summary>
/// <param name="Name">The name that the scan of our calls gives it.</param>
/// <param name="Form">Which of its forms; empty where there is one.</param>
/// <param name="Cases">Shapes of the arguments.</param>
/// <param name="Draws">How each argument is drawn; the last counts for those after it.</param>
/// <param name="Call">The call of torch.</param>
/// <param name="Loops">The same in plain loops.</param>
internal sealed record TabledOperation(
    string Name,
    string Form,
    IReadOnlyList<int[][]> Cases,
    IReadOnlyList<Draw> Draws,
    Func<Tensor[], Tensor[]> Call,
    Func<RealArray[], RealArray[]> Loops)
    : Operation(Name, Form)
{
    // Each step may be off by so many epsilons of the dtype: torch's functions are right to one or two, and may do
    // the steps in another form.
    private const double Epsilons = 4;
    private const double EpsilonOfDouble = 1.0 / (1L << 52);
    private const double EpsilonOfFloat = 1.0 / (1 << 23);

    // What is smaller has fewer digits, and may be taken for zero.
    private const double LeastDouble = 2.2250738585072014e-308;
    private const double LeastFloat = 1.17549435e-38;
    private static readonly Draw s_usual = Draw.Between(-3, 3);

    private readonly int[][] _largest = Cases.MaxBy(shapes => shapes.Sum(RealArray.Count))!;

    /// <summary>True where the call writes over its first argument and returns it.</summary>
    public bool Overwrites { get; init; }

    /// <summary>False where torch has no derivative of it.</summary>
    public bool HasGradient { get; init; } = true;

    /// <summary>How many times more roundings torch may make than the loops do.</summary>
    public double Roundings { get; init; } = 1;

    /// <inheritdoc/>
    public override Tally Check(TorchCheckOptions options)
    {
        var tally = new Tally();
        foreach (var shapes in Cases.Take(options.MostCases))
        {
            var check = new CaseCheck(this, shapes, options, tally);
            check.Run(options.Threads[0], Layout.All, options.Repeats);
            if (shapes != _largest)
            {
                continue;
            }

            // What is smaller is not divided among threads, and how it lies makes no difference to how it is.
            foreach (var threads in options.Threads.Skip(1))
            {
                check.Run(threads, [Layout.Contiguous], 1);
            }
        }

        return tally;
    }

    /// <summary>How an argument is drawn.</summary>
    public Draw DrawOf(int argument) => Draws.Count == 0 ? s_usual : Draws[Math.Min(argument, Draws.Count - 1)];

    /// <summary>How far off results may be.</summary>
    public double[] Allowed(double[] errors, ScalarType dtype)
    {
        var isDouble = dtype == ScalarType.Float64;
        var (epsilon, least) = isDouble ? (EpsilonOfDouble, LeastDouble) : (EpsilonOfFloat, LeastFloat);
        return [.. errors.Select(error => (Epsilons * Roundings * epsilon * error) + least)];
    }
}
