namespace Bijectors.Cli;

/// <summary>What is measured of one trained flow. Names and units are those of <c>results.json</c>.</summary>
/// <param name="Parameters">The number of trainable parameters.</param>
/// <param name="Steps">The number of updates.</param>
/// <param name="Seconds">The wall time of training, validation included.</param>
/// <param name="Dimensions">The number D of entries of an item.</param>
/// <param name="TestLosses"><c>-log p(x)</c> of each test item, nats.</param>
/// <param name="RoundTripError">Largest <c>|x - inverse(forward(x))|</c> of some test items, levels scaled to [0,
/// 1).</param>
/// <param name="LogDetError">Largest <c>|log-det - slogdet(autograd Jacobian)| / D</c> at a few test items, in
/// float32; null where D is too large.</param>
/// <param name="SamplesPerSecond">Samples drawn per second.</param>
/// <param name="ScoredPerSecond">Log-densities per second.</param>
/// <param name="TrainImagesPerSecond">Training items per second of training, validation left out.</param>
/// <param name="Converged">False where validation still improved at the end; null without validation.</param>
internal sealed record RunMeasures(
    double Parameters,
    double Steps,
    double Seconds,
    long Dimensions,
    IReadOnlyList<double> TestLosses,
    double RoundTripError,
    double? LogDetError,
    double SamplesPerSecond,
    double ScoredPerSecond,
    double TrainImagesPerSecond,
    bool? Converged)
{
    /// <summary>Mean <c>-log p(x)</c> of the test items, nats per item.</summary>
    public double TestNllNats => TestLosses.Average();

    /// <summary>Mean <c>-log p(x) / (D ln 2)</c> of the test items.</summary>
    public double TestBitsPerDimension => TestNllNats / (Dimensions * Math.Log(2));

    /// <summary>The same as if only the first test items had been scored.</summary>
    public RunMeasures OnFirst(int items) => this with { TestLosses = [.. TestLosses.Take(items)] };

    /// <summary>The mean of every measure over several runs; of errors the largest, and converged if all are.</summary>
    public static RunMeasures Summary(IReadOnlyList<RunMeasures> runs) => new(
        runs.Average(run => run.Parameters),
        runs.Average(run => run.Steps),
        runs.Average(run => run.Seconds),
        runs[0].Dimensions,
        [.. Enumerable.Range(0, runs.Min(run => run.TestLosses.Count))
            .Select(item => runs.Average(run => run.TestLosses[item]))],
        runs.Max(run => run.RoundTripError),
        runs.Max(run => run.LogDetError),
        runs.Average(run => run.SamplesPerSecond),
        runs.Average(run => run.ScoredPerSecond),
        runs.Average(run => run.TrainImagesPerSecond),
        runs.Any(run => run.Converged == false) ? false : runs[0].Converged);
}
