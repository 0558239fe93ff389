using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>The losses of models over their training: validation where there is any; of a single model both.</summary>
internal static class TrainingSection
{
    /// <summary>The section; null where nothing is trained.</summary>
    /// <param name="models">The models.</param>
    /// <param name="baseline">What they are to beat, in nats and in bits/dim; null for nothing.</param>
    public static ReportSection? Of(
        IReadOnlyList<ReportedModel> models, (string Name, double Nats, double Bits)? baseline)
    {
        if (models.Count == 0)
        {
            return null;
        }

        var first = models[0].Training;
        var validated = models.Any(model => model.Training.History.Any(epoch => epoch.ValidationLoss is not null));
        var unit = validated ? first.ValidationUnit : first.Unit;
        var what =
            models.Count == 1 && validated ? unit.Text() : $"{(validated ? "validation" : "training")} {unit.Text()}";
        (string, double)? level = baseline is not { } line ? null
            : (line.Name, unit == LossUnit.Nats ? line.Nats : line.Bits);
        var kept = validated ? "A dot is the best validation, whose weights are kept." : "The last weights are kept.";
        return new("training", "Training", Html.Of(
            $"""
            <div class="pair">
            <div>{CurveChart.Draw(Curves(models, validated, epoch => epoch.Step), "step", what, level)}</div>
            <div>{CurveChart.Draw(Curves(models, validated, epoch => epoch.Seconds), "seconds", what, level)}</div>
            </div>
            <p class="soft">{kept}</p>
            """));
    }

    private static IReadOnlyList<Curve> Curves(
        IReadOnlyList<ReportedModel> models, bool validated, Func<EpochRecord, double> x) => (models, validated) switch
    {
        ([var model], true) =>
        [
            CurveOf(model, "validation", x, epoch => epoch.ValidationLoss) with { MarksLowest = true },
            CurveOf(model, "training", x, epoch => epoch.TrainLoss),
        ],
        (_, true) => [.. models.Select(
            model => CurveOf(model, model.Title, x, epoch => epoch.ValidationLoss) with { MarksLowest = true })],
        _ => [.. models.Select(model => CurveOf(model, model.Title, x, epoch => epoch.TrainLoss))],
    };

    private static Curve CurveOf(
        ReportedModel model, string name, Func<EpochRecord, double> x, Func<EpochRecord, double?> y) => new(
        name,
        [.. model.Training.History.Select(epoch => (X: x(epoch), Y: y(epoch))).Where(point => point.Y is not null)
            .Select(point => (point.X, point.Y!.Value))]);
}
