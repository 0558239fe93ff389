using Bijectors.Testing;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>One model of a comparison and what came of it.</summary>
/// <param name="Entry">The model, its options and its size.</param>
/// <param name="Runs">The measures of each seed, in order.</param>
/// <param name="Training">The training of the first seed, for the curves.</param>
/// <param name="Snapshots">Of the layers, over the training of the first seed; empty where none was taken.</param>
/// <param name="Samples">Samples of the first seed as a picture; null where the data cannot be drawn.</param>
internal sealed record Contestant(
    Entry Entry, IReadOnlyList<RunMeasures> Runs, TrainingResult Training, IReadOnlyList<LayerSnapshot> Snapshots,
    byte[]? Samples)
{
    public Model Model => Entry.Model;

    public RunMeasures Summary { get; } = RunMeasures.Summary(Runs);

    /// <summary>The losses of each seed.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Losses => [.. Runs.Select(run => run.TestLosses)];

    /// <summary>The number of test items that every run has scored.</summary>
    public int TestItems => Runs.Min(run => run.TestLosses.Count);

    /// <summary>The standard error of the mean over the seeds; null for a single one.</summary>
    public double? BitsError => LossDifference.Spread([.. Runs.Select(run => run.TestBitsPerDimension)]);

    /// <summary>The same in nats per item.</summary>
    public double? NatsError => LossDifference.Spread([.. Runs.Select(run => run.TestNllNats)]);

    /// <summary>The same as if only the first test items had been scored.</summary>
    public Contestant OnFirst(int items) =>
        new(Entry, [.. Runs.Select(run => run.OnFirst(items))], Training, Snapshots, Samples);
}
