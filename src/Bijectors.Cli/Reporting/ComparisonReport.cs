using System.Globalization;

namespace Bijectors.Cli;

/// <summary>A comparison as a page.</summary>
internal static class ComparisonReport
{
    public static string Of(ComparisonOutcome outcome)
    {
        List<ReportedModel> models = [.. outcome.Contestants.Select(contestant => contestant.Shown)];
        List<(string, RunMeasures)> measures =
            [.. outcome.Contestants.Select(contestant => (contestant.Model.Title, contestant.Summary))];
        var page = new ReportPage(
            $"Normalizing flows on {outcome.Run.Data}",
            Summary(outcome),
            [
                ResultSection.Of(outcome),
                DifferenceSection.Of(outcome),
                TrainingSection.Of(models, outcome.Baseline.Level),
                SampleSection.Of(outcome.Items, outcome.Columns, models),
                CalibrationSection.Of(models),
                ExactnessSection.Of(measures),
                LayerSection.Of(models),
                CostSection.Of(measures),
                ModelSection.Of(models),
            ],
            Conditions(outcome))
        {
            Warning = outcome.Interrupted
                ? "The run was interrupted: what had been trained until then is shown." : null,
        };
        return page.Write();
    }

    private static string Summary(ComparisonOutcome outcome)
    {
        var (plan, run) = (outcome.Plan, outcome.Run);
        var levels = run.Levels is { } count ? $", {count} levels" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {run.TrainItems:N0} training items {run.Shape}{levels}; each model has about {plan.Parameters:N0} parameters
            and trains for {Budget(plan)} with batches of {plan.Training.BatchSize}; measured on
            {outcome.TestItems:N0} test items.
            """);
    }

    private static string Budget(ComparisonPlan plan)
    {
        var training = plan.Training;
        string[] limits =
        [
            .. training.Epochs is { } epochs ? [$"{Numbers.Count(epochs)} epochs"] : Array.Empty<string>(),
            .. training.Steps is { } steps ? [$"{Numbers.Count(steps)} steps"] : Array.Empty<string>(),
            .. training.Seconds is { } seconds ? [$"{Numbers.Plain(seconds)} seconds"] : Array.Empty<string>(),
        ];
        return string.Join(" or ", limits) + (limits.Length > 1 ? ", whichever ends first," : "");
    }

    private static string Conditions(ComparisonOutcome outcome)
    {
        var (plan, run) = (outcome.Plan, outcome.Run);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {run.Versions}, {Numbers.Count(plan.Threads, "thread")}, seed {plan.Training.Seed}, runs for each model:
            {plan.Seeds}, learning rate {LearningRates(outcome)}, {run.Started:yyyy-MM-dd HH:mm} UTC.
            """);
    }

    private static string LearningRates(ComparisonOutcome outcome) => outcome.Plan.LearningRate is { } all
        ? Numbers.Plain(all)
        : string.Join(", ", outcome.Contestants.Select(
            contestant => $"{contestant.Model.Title} {Numbers.Plain(contestant.Entry.LearningRate)}"));
}
