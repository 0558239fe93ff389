using Bijectors.Cli;
using Bijectors.Training;

namespace Bijectors.Interactive;

/// <summary>A training as what came of it, and its losses over the steps.</summary>
internal static class TrainingHtml
{
    /// <summary>A table of one row, and a chart.</summary>
    /// <param name="result">What came of the run.</param>
    public static Html Of(TrainingResult result)
    {
        var unit = result.Unit.Text();
        var train = new Curve(
            "training", [.. result.History.Select(record => ((double)record.Step, record.TrainLoss))]);
        var validation = new Curve(
            "validation",
            [
                .. result.History.Where(record => record.ValidationLoss is not null)
                    .Select(record => ((double)record.Step, record.ValidationLoss!.Value)),
            ])
        {
            MarksLowest = true,
        };
        Curve[] curves = validation.Points.Count > 0 && result.ValidationUnit == result.Unit
            ? [train, validation]
            : [train];
        return Markup.Block(
            Markup.Table(
                ["best validation", "best epoch", "steps", "seconds", "ended"],
                [
                    [
                        result.BestValidationLoss is { } best
                            ? FormattableString.Invariant($"{best:f4} {result.ValidationUnit.Text()}")
                            : "none",
                        $"{result.BestEpoch}", $"{result.Steps}", FormattableString.Invariant($"{result.Seconds:f1}"),
                        $"{result.StopReason}",
                    ],
                ]),
            CurveChart.Draw(curves, "steps", unit.Length == 0 ? "loss" : $"loss, {unit}", level: null));
    }
}
