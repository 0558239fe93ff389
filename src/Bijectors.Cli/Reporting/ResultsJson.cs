using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>The comparison as <c>results.json</c>, for other programs. Numbers that are not finite are null.</summary>
internal static class ResultsJson
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(ComparisonOutcome outcome) => ObjectOf(outcome).ToJsonString(Format) + "\n";

    public static JsonObject ObjectOf(ComparisonOutcome outcome) => new()
    {
        ["run"] = Run(outcome),
        ["baseline"] = Baseline(outcome.Baseline),
        ["best"] = outcome.Contestants.FirstOrDefault(contestant => contestant.Model.Title == outcome.Ranking.Best)
            ?.Model.Name,
        ["models"] = new JsonArray([.. outcome.Contestants.Select(contestant => Contestant(outcome, contestant))]),
        ["leftOut"] = new JsonArray([.. outcome.LeftOut.Select(LeftOut)]),
        ["notes"] = new JsonArray([.. ComparisonNotes.Of(outcome).Select(note => JsonValue.Create(note))]),
        ["details"] = new JsonArray([.. outcome.Contestants.Select(Details)]),
    };

    private static JsonObject Run(ComparisonOutcome outcome)
    {
        var (plan, run) = (outcome.Plan, outcome.Run);
        return new JsonObject
        {
            ["data"] = plan.Data,
            ["shape"] = new JsonArray([.. run.Shape.ToArray().Select(size => JsonValue.Create(size))]),
            ["levels"] = run.Levels,
            ["trainItems"] = run.TrainItems,
            ["validationItems"] = run.ValidationItems,
            ["testItems"] = run.TestItems,
            ["validationItemsUsed"] = run.ValidationItemsUsed,
            ["testItemsUsed"] = outcome.TestItems,
            ["permute"] = plan.Permute,
            ["parametersAskedFor"] = plan.Parameters,
            ["epochs"] = plan.Training.Epochs,
            ["stepsAskedFor"] = plan.Training.Steps,
            ["secondsAskedFor"] = plan.Training.Seconds,
            ["evaluationSeconds"] = plan.EvaluationSeconds,
            ["preset"] = plan.Preset?.Name,
            ["updates"] = plan.Updates,
            ["batch"] = plan.Training.BatchSize,
            ["seed"] = plan.Training.Seed,
            ["seeds"] = plan.Seeds,
            ["threads"] = plan.Threads,
            ["interrupted"] = outcome.Interrupted,
            ["started"] = run.Started.ToString("O"),
            ["version"] = run.Version,
            ["runtime"] = run.Runtime,
            ["system"] = run.System,
            ["torch"] = run.Torch,
            ["processors"] = run.Processors,
        };
    }

    private static JsonObject Baseline(Baseline baseline) => new()
    {
        ["model"] = baseline.Name,
        ["testBitsPerDimension"] = Number(baseline.Bits(baseline.TestNllNats)),
        ["testNllNats"] = Number(baseline.TestNllNats),
        ["validationBitsPerDimension"] = Number(baseline.ValidationNllNats is { } nats ? baseline.Bits(nats) : null),
        ["validationNllNats"] = Number(baseline.ValidationNllNats),
    };

    private static JsonNode Contestant(ComparisonOutcome outcome, Contestant contestant)
    {
        var place = outcome.Ranking.Of(contestant.Model.Title);
        var json = Measures(contestant.Summary);
        json.Insert(0, "model", contestant.Model.Name);
        json["seeds"] = contestant.Runs.Count;
        json["standardError"] = contestant.BitsError is null
            ? null
            : new JsonObject
            {
                ["testBitsPerDimension"] = Number(contestant.BitsError),
                ["testNllNats"] = Number(contestant.NatsError),
            };
        json["best"] = place.Name == outcome.Ranking.Best;
        json["aboveLowest"] = Difference(outcome.Baseline, place.AboveLowest);
        json["belowBaseline"] = Difference(outcome.Baseline, place.BelowBaseline);
        return json;
    }

    private static JsonNode? Difference(Baseline baseline, LossDifference? difference) =>
        difference is null ? null : new JsonObject
        {
            ["testBitsPerDimension"] = Number(baseline.Bits(difference.Mean)),
            ["testNllNats"] = Number(difference.Mean),
            ["standardErrorBitsPerDimension"] = Number(baseline.Bits(difference.StandardError)),
            ["standardErrorNats"] = Number(difference.StandardError),
            ["exceedsTwiceItsStandardError"] = difference.Counts,
        };

    private static JsonNode LeftOut(LeftOut left) => new JsonObject
    {
        ["model"] = left.Model.Name,
        ["reason"] = left.Reason,
        ["trainingFailed"] = left.Failed,
    };

    private static JsonNode Details(Contestant contestant) => new JsonObject
    {
        ["model"] = contestant.Model.Name,
        ["learningRate"] = contestant.Entry.LearningRate,
        ["options"] = contestant.Model.ToJson(contestant.Entry.Options),
        ["bestEpoch"] = contestant.Training.BestEpoch,
        ["bestStep"] = contestant.Training.BestStep,
        ["calibration"] = contestant.Shown.Calibration is { } calibration ? Calibration(calibration) : null,
        ["runs"] = new JsonArray([.. contestant.Runs.Select(Measures)]),
        ["history"] = new JsonArray([.. contestant.Training.History.Select(Epoch)]),
    };

    private static JsonObject Calibration(Calibration of) => new()
    {
        ["deviation"] = of.Deviation,
        ["chance"] = of.Chance,
        ["items"] = of.Shares.Count,
        ["samples"] = of.Samples,
    };

    private static JsonObject Measures(RunMeasures run) => new()
    {
        ["parameters"] = Number(run.Parameters),
        ["steps"] = Number(run.Steps),
        ["seconds"] = Number(run.Seconds),
        ["testBitsPerDimension"] = Number(run.TestBitsPerDimension),
        ["testNllNats"] = Number(run.TestNllNats),
        ["roundTripError"] = Number(run.RoundTripError),
        ["logDetError"] = Number(run.LogDetError),
        ["samplesPerSecond"] = Number(run.SamplesPerSecond),
        ["scoredPerSecond"] = Number(run.ScoredPerSecond),
        ["trainImagesPerSecond"] = Number(run.TrainImagesPerSecond),
        ["converged"] = run.Converged,
    };

    private static JsonNode Epoch(EpochRecord epoch) => new JsonObject
    {
        ["epoch"] = epoch.Epoch,
        ["step"] = epoch.Step,
        ["seconds"] = Number(epoch.Seconds),
        ["train"] = Number(epoch.TrainLoss),
        ["validation"] = Number(epoch.ValidationLoss),
    };

    private static JsonValue? Number(double? value) =>
        value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;
}
