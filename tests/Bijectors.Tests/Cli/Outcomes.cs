using Bijectors.Cli;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Tests.Cli;

/// <summary>Outcomes of comparisons with given losses, of two-dimensional continuous data.</summary>
internal static class Outcomes
{
    /// <summary>An outcome.</summary>
    /// <param name="models">The name of each model and its losses in nats, a list for each seed.</param>
    /// <param name="baseline">The losses of the baseline on the test items.</param>
    /// <param name="validationBaseline">The mean loss of the baseline on the validation items.</param>
    public static ComparisonOutcome Of(
        (string Name, double[][] Losses)[] models, double[] baseline, double? validationBaseline = 5) => new(
        Plan,
        new RunInfo(
            "data", Shape.Vector(2), null, null, false, 80, 10, 20, 10, 20, default, "0", ".NET", "Linux", "2", 2),
        new Baseline("independent Gaussians", 2, baseline, 6, validationBaseline),
        [.. models.Select(model => Contestant(model.Name, model.Losses))],
        [],
        [],
        null,
        [],
        Interrupted: false);

    private static ComparisonPlan Plan { get; } = new(
        "data", Models.All, false, ModelSettings.None, 1000, 1, 1, new TrainingOptions { Epochs = 2 },
        true, null, 20, 30, 0, null);

    /// <summary>A training of two epochs.</summary>
    public static TrainingResult Training { get; } = new()
    {
        History = [new(1, 10, 1, 5.5, 5.2, 0.1), new(2, 20, 2, 4.5, 4.2, 0.1)],
        BestEpoch = 2,
        BestStep = 20,
        BestValidationLoss = 4.2,
        Unit = LossUnit.Nats,
        ValidationUnit = LossUnit.Nats,
        Steps = 20,
        Seconds = 2,
        ItemsPerSecond = 1,
        StopReason = StopReason.Completed,
    };

    private static Contestant Contestant(string name, double[][] losses)
    {
        var model = Models.Named(name);
        var runs = losses.Select(of => new RunMeasures(1000, 20, 2, 2, of, 0, null, 1, 1, 1, true)).ToList();
        var entry = new global::Bijectors.Cli.Entry(model, model.Defaults, 1000, 0.01);
        return new Contestant(entry, runs, new ReportedModel(model.Title, Training));
    }
}
