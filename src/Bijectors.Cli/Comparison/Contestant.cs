using Bijectors.Testing;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>One model of a comparison and what came of it.</summary>
/// <param name="Entry">The model, its options and its size.</param>
/// <param name="Runs">The measures of each seed, in order.</param>
/// <param name="Shown">What a report shows of the first seed.</param>
internal sealed record Contestant(Entry Entry, IReadOnlyList<RunMeasures> Runs, ReportedModel Shown)
{
    public Model Model => Entry.Model;

    /// <summary>The training of the first seed.</summary>
    public TrainingResult Training => Shown.Training;

    /// <summary>Of the layers, over the training of the first seed; empty where none was taken.</summary>
    public IReadOnlyList<LayerSnapshot> Snapshots => Shown.Snapshots;

    /// <summary>Samples of the first seed as a picture; null where the data cannot be drawn.</summary>
    public byte[]? Samples => Shown.Look?.Picture;

    public RunMeasures Summary => RunMeasures.Summary(Runs);

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
        this with { Runs = [.. Runs.Select(run => run.OnFirst(items))] };
}
