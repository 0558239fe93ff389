using System.Globalization;
using Bijectors.Data;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>A training as a page.</summary>
internal static class RunReport
{
    // Only the speed of it is shown: what the test items are worth is known by now.
    private const double ScoringSeconds = 1;

    /// <summary>Measures a flow and writes down what came of its training.</summary>
    /// <param name="model">The kind of model, and its options.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="data">What it was trained on.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="watch">The snapshots of its layers; null for none.</param>
    /// <param name="display">Shows what is measured.</param>
    public static string Of(
        (Model Kind, object Options) model, Flow flow, Dataset data, TrainResult result, LayerWatch? watch,
        TrainingDisplay display)
    {
        var plan = result.Plan;
        using var items = MeasuredItems.OfAnyPart(
            data, ComparisonPlan.MostItems(Shape.Of(data.ItemShape).Size), plan.Seed);
        using var look = new DataLook(data);
        var shown = ReportedModel.Of(
            model, flow, result.Training, watch, look, (items.Test, items.TestContext), plan.Seed);
        if (plan.Noise > 0)
        {
            // Its density is that of items with noise, which test items do not have.
            shown = shown with { Calibration = null };
        }

        (string, RunMeasures)[] measures =
        [
            (model.Kind.Title, new FlowMeasures(
                items, plan.Seed, ScoringSeconds, display)
                .Of(model.Kind.Title, flow, result.Training, plan.Seed)),
        ];
        var baseline = Baseline.Of(data, items.Validation, items.Test);
        var run = RunInfo.Of(data, items);
        return new ReportPage(
            $"{model.Kind.Title} on {data.Name}",
            $"{data}. {model.Kind.Title} with {Numbers.Count(result.Parameters, "parameter")}, trained with "
                + $"{plan.Spell()}.",
            [
                Results(result, data, baseline),
                TrainingSection.Of([shown], plan.Noise > 0 ? null : baseline.Level),
                SampleSection.Of(look.Of(items.Test), look.Names, [shown]),
                CalibrationSection.Of([shown]),
                ExactnessSection.Of(measures),
                LayerSection.Of([shown]),
                CostSection.Of(measures),
                ModelSection.Of([shown]),
            ],
            string.Create(
                CultureInfo.InvariantCulture,
                $"{run.Versions}, {Numbers.Count(plan.Threads, "thread")}, {run.Started:yyyy-MM-dd HH:mm} UTC."))
        {
            Warning = result.Complaint is null ? null : "The training was interrupted; it can be resumed.",
        }.Write();
    }

    private static ReportSection Results(TrainResult result, Dataset data, Baseline baseline)
    {
        var training = result.Training;
        var rows = new List<HtmlTable.Row>();
        if (result.Test is { } test)
        {
            rows.Add(new("Test bits/dim", [Numbers.Measure(test.BitsPerDimension, test.StandardError)]));
            rows.Add(new("Test nats", [Numbers.Measure(test.Nats, null)]));
        }

        if (training.BestValidationLoss is { } loss)
        {
            rows.Add(new(
                $"Best validation, {training.ValidationUnit.Text()}", [Numbers.Measure(loss, null)]));
        }

        if (data.Test.shape[0] > 0)
        {
            rows.Add(new(
                $"Test bits/dim of {baseline.Name}", [Numbers.Measure(baseline.Bits(baseline.TestNllNats), null)])
            {
                Kind = "baseline",
            });
        }

        return new("results", "Results", Html.Of(
            $"""
            {new HtmlTable("What came of the training", ["Measure", result.Title], rows).Draw()}
            <ul>
            {Html.Each(result.Lines().SkipLast(1), line => Html.Of($"<li>{line}</li>"))}
            </ul>
            """));
    }
}
