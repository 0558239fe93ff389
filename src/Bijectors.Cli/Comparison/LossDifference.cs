namespace Bijectors.Cli;

/// <summary>By how much one mean loss lies above another, in nats per item, and how sure that is.</summary>
/// <param name="Mean">The difference of the means.</param>
/// <param name="StandardError">
/// The larger of its standard errors: over the test items, which are paired, and over the seeds where there are
/// several; infinite for a single item.
/// </param>
internal sealed record LossDifference(double Mean, double StandardError)
{
    /// <summary>How many standard errors make a difference count.</summary>
    public const double Threshold = 2;

    /// <summary>True where the difference exceeds twice its standard error.</summary>
    public bool Counts => Mean > Threshold * StandardError;

    /// <summary>Compares the losses of two models on the same items, one list for each seed.</summary>
    /// <param name="upper">The losses that are expected to be larger; a single list for what has no seed.</param>
    /// <param name="lower">The losses that are expected to be smaller.</param>
    public static LossDifference Between(
        IReadOnlyList<IReadOnlyList<double>> upper, IReadOnlyList<IReadOnlyList<double>> lower)
    {
        var (a, b) = (ItemMeans(upper), ItemMeans(lower));
        if (!double.IsFinite(a.Average()) && double.IsFinite(b.Average()))
        {
            return new LossDifference(double.PositiveInfinity, 0);
        }

        var difference = a.Zip(b, (high, low) => high - low).ToList();
        var overSeeds = Math.Sqrt(Square(SeedError(upper)) + Square(SeedError(lower)));
        var overItems = Spread(difference) ?? double.PositiveInfinity;
        return new LossDifference(difference.Average(), Math.Max(overItems, overSeeds));
    }

    /// <summary>The standard error of a mean; null for fewer than two values.</summary>
    public static double? Spread(IReadOnlyList<double> values)
    {
        if (values.Count < 2)
        {
            return null;
        }

        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => Square(value - mean)) / (values.Count - 1) / values.Count);
    }

    private static List<double> ItemMeans(IReadOnlyList<IReadOnlyList<double>> runs) =>
        [.. Enumerable.Range(0, runs[0].Count).Select(item => runs.Average(run => run[item]))];

    private static double SeedError(IReadOnlyList<IReadOnlyList<double>> runs) =>
        Spread([.. runs.Select(run => run.Average())]) ?? 0;

    private static double Square(double x) => x * x;
}
