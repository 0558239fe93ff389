using System.Text.Json.Nodes;

namespace Bijectors.Cli;

/// <summary>What <c>experiment</c> gives: the rows, and the file that shows them.</summary>
/// <param name="File">The table for people.</param>
/// <param name="Rows">What came of each row.</param>
internal sealed record ExperimentResult(string File, IReadOnlyList<RowOutcome> Rows) : CommandResult
{
    public override bool IsAnswer => false;

    public override JsonObject ToJson() => new()
    {
        ["file"] = File,
        ["rows"] = new JsonArray([.. Rows.Select(row => (JsonNode)new JsonObject
        {
            ["section"] = row.Row.Section,
            ["name"] = row.Row.Name,
            ["model"] = row.Row.Model.Name,
            ["learningRate"] = row.Rate,
            ["runs"] = new JsonArray([.. row.Runs.Select(run => (JsonNode)new JsonObject
            {
                ["parameters"] = run.Parameters,
                ["steps"] = run.Steps,
                ["seconds"] = Number(run.Seconds),
                ["validationBitsPerDimension"] = Known(run.ValidationBits),
                ["testBitsPerDimension"] = Known(run.TestBits),
                ["probeAccuracy"] = Number(run.ProbeAccuracy),
            })]),
        })]),
    };

    public override void Print(Terminal terminal) => terminal.Line($"{File} is written.");

    // A training that failed has the largest number there is.
    private static JsonValue? Known(double bits) => bits < double.MaxValue ? Number(bits) : null;
}
