namespace Bijectors.Cli;

/// <summary>What is measured of one trained flow. Names and units are those of <c>results.json</c>.</summary>
/// <param name="Parameters">The number of trainable parameters.</param>
/// <param name="Steps">The number of updates.</param>
/// <param name="Seconds">The wall time of training, validation included.</param>
/// <param name="TestBitsPerDimension">Mean <c>-log p(x) / (D ln 2)</c> of the test items.</param>
/// <param name="TestNllNats">Mean <c>-log p(x)</c> of the test items, nats per item.</param>
/// <param name="RoundTripError">Largest <c>|x - inverse(forward(x))|</c> of the test items, levels scaled to [0,
/// 1).</param>
/// <param name="LogDetError">Largest <c>|log-det - slogdet(autograd Jacobian)| / D</c> at a few test items, in
/// float32; null where D is too large.</param>
/// <param name="SamplesPerSecond">Samples drawn per second.</param>
/// <param name="TrainImagesPerSecond">Training items per second of training, validation left out.</param>
internal sealed record RunMeasures(
    double Parameters,
    double Steps,
    double Seconds,
    double TestBitsPerDimension,
    double TestNllNats,
    double RoundTripError,
    double? LogDetError,
    double SamplesPerSecond,
    double TrainImagesPerSecond)
{
    /// <summary>The mean of every measure over several runs; of errors the largest.</summary>
    public static RunMeasures Summary(IReadOnlyList<RunMeasures> runs) => new(
        runs.Average(run => run.Parameters),
        runs.Average(run => run.Steps),
        runs.Average(run => run.Seconds),
        runs.Average(run => run.TestBitsPerDimension),
        runs.Average(run => run.TestNllNats),
        runs.Max(run => run.RoundTripError),
        runs.Max(run => run.LogDetError),
        runs.Average(run => run.SamplesPerSecond),
        runs.Average(run => run.TrainImagesPerSecond));

    /// <summary>The standard error of a measure's mean over runs; null for a single run.</summary>
    public static double? StandardError(IReadOnlyList<RunMeasures> runs, Func<RunMeasures, double> measure)
    {
        if (runs.Count < 2)
        {
            return null;
        }

        var mean = runs.Average(measure);
        return Math.Sqrt(runs.Sum(run => Math.Pow(measure(run) - mean, 2)) / (runs.Count - 1) / runs.Count);
    }
}
