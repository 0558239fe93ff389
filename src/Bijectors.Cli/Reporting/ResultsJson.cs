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

    public static string Of(ComparisonOutcome outcome) => new JsonObject
    {
        ["run"] = Run(outcome),
        ["baseline"] = new JsonObject
        {
            ["model"] = outcome.Baseline.Name,
            ["testBitsPerDimension"] = Number(outcome.Baseline.TestBitsPerDimension),
            ["testNllNats"] = Number(outcome.Baseline.TestNllNats),
        },
        ["models"] = new JsonArray([.. outcome.Contestants.Select(Contestant)]),
        ["details"] = new JsonArray([.. outcome.Contestants.Select(contestant => Details(outcome.Plan, contestant))]),
    }.ToJsonString(Format) + "\n";

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
            ["parametersAskedFor"] = plan.Parameters,
            ["epochs"] = plan.Training.Epochs,
            ["secondsAskedFor"] = plan.Training.Seconds,
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

    private static JsonNode Contestant(Contestant contestant)
    {
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
        return json;
    }

    private static JsonNode Details(ComparisonPlan plan, Contestant contestant) => new JsonObject
    {
        ["model"] = contestant.Model.Name,
        ["learningRate"] = plan.LearningRate ?? contestant.Model.LearningRate,
        ["options"] = contestant.Model.ToJson(contestant.Options),
        ["bestEpoch"] = contestant.Training.BestEpoch,
        ["runs"] = new JsonArray([.. contestant.Runs.Select(Measures)]),
        ["history"] = new JsonArray([.. contestant.Training.History.Select(Epoch)]),
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
        ["trainImagesPerSecond"] = Number(run.TrainImagesPerSecond),
    };

    private static JsonNode Epoch(EpochRecord epoch) => new JsonObject
    {
        ["epoch"] = epoch.Epoch,
        ["step"] = epoch.Step,
        ["seconds"] = Number(epoch.Seconds),
        ["train"] = Number(epoch.TrainLoss),
        ["validation"] = Number(epoch.ValidationLoss),
    };

    private static JsonValue? Number(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;
}
