using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>One model of a comparison and what came of it.</summary>
/// <param name="Model">The kind of model.</param>
/// <param name="Options">The options that give it the number of parameters asked for.</param>
/// <param name="Runs">The measures of each seed, in order.</param>
/// <param name="Training">The training of the first seed, for the curves.</param>
/// <param name="Samples">Samples of the first seed as a picture; null where the data cannot be drawn.</param>
internal sealed record Contestant(
    Model Model, object Options, IReadOnlyList<RunMeasures> Runs, TrainingResult Training, byte[]? Samples)
{
    public RunMeasures Summary { get; } = RunMeasures.Summary(Runs);

    public double? BitsError => RunMeasures.StandardError(Runs, run => run.TestBitsPerDimension);

    public double? NatsError => RunMeasures.StandardError(Runs, run => run.TestNllNats);
}
