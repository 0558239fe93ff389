using System.Text.Json.Nodes;
using Spectre.Console;

namespace Bijectors.Cli;

/// <summary>What <c>diff</c> gives: the options in which two runs differ, and their results side by side.</summary>
/// <param name="A">The first run.</param>
/// <param name="B">The second run.</param>
/// <param name="Options">What differs: name, and the value of each; null where it has none.</param>
/// <param name="Results">What came of them.</param>
internal sealed record RunDiffResult(
    RunSummary A, RunSummary B, IReadOnlyList<(string Name, string? A, string? B)> Options,
    IReadOnlyList<(string Name, double? A, double? B)> Results) : CommandResult
{
    // What belongs to the moment and the machine, and not to the run.
    private static readonly string[] s_left = ["format", "formatVersion", "started", "parameters", "checkpointEvery"];

    /// <summary>Compares two runs.</summary>
    /// <exception cref="UserException">One of them is none, or damaged.</exception>
    public static RunDiffResult Of(RunFolder a, RunFolder b)
    {
        var (first, second) = (Leaves(a), Leaves(b));
        var (x, y) = (RunSummary.Of(a), RunSummary.Of(b));
        return new(
            x,
            y,
            [
                .. first.Keys.Union(second.Keys).Order(StringComparer.Ordinal)
                    .Select(name => (name, first.GetValueOrDefault(name), second.GetValueOrDefault(name)))
                    .Where(row => row.Item2 != row.Item3),
            ],
            [
                ("parameters", x.Parameters, y.Parameters),
                ("steps", x.Steps, y.Steps),
                ("best validation", x.BestValidation, y.BestValidation),
                ("test bits/dim", x.TestBits, y.TestBits),
                ("test nats", x.TestNats, y.TestNats),
            ]);
    }

    public override JsonObject ToJson() => new()
    {
        ["a"] = A.ToJson(),
        ["b"] = B.ToJson(),
        ["options"] = new JsonArray([.. Options.Select(row => (JsonNode)new JsonObject
        {
            ["name"] = row.Name,
            ["a"] = row.A is null ? null : JsonNode.Parse(row.A),
            ["b"] = row.B is null ? null : JsonNode.Parse(row.B),
        })]),
        ["results"] = new JsonArray([.. Results.Select(row => (JsonNode)new JsonObject
        {
            ["name"] = row.Name,
            ["a"] = Number(row.A),
            ["b"] = Number(row.B),
            ["difference"] = Number(row.B - row.A),
        })]),
    };

    public override void Print(Terminal terminal)
    {
        terminal.Line($"A: {A.Folder} ({A.Status})");
        terminal.Line($"B: {B.Folder} ({B.Status})");
        if (Options.Count == 0)
        {
            terminal.Line("The options are the same.");
        }
        else
        {
            var options = new Table { Border = TableBorder.Rounded };
            options.AddColumns("Option", "A", "B");
            foreach (var (name, a, b) in Options)
            {
                options.AddRow([.. ((string[])[name, a ?? "", b ?? ""]).Select(Markup.Escape)]);
            }

            terminal.Ansi.Write(options);
        }

        var results = new Table { Border = TableBorder.Rounded };
        results.AddColumns("Result", "A", "B", "B - A");
        foreach (var (name, a, b) in Results)
        {
            results.AddRow([name, Text(a), Text(b), b - a is { } difference ? Signed(difference) : ""]);
        }

        foreach (var column in results.Columns.Skip(1))
        {
            column.RightAligned().NoWrap();
        }

        terminal.Ansi.Write(results);
    }

    private static string Text(double? number) => number is { } known
        ? double.IsInteger(known) ? Numbers.Count(known) : Numbers.Measure(known, null)
        : "";

    private static string Signed(double number) =>
        double.IsInteger(number) ? $"{(number > 0 ? "+" : "")}{Numbers.Count(number)}"
        : Numbers.Difference(number, double.NaN);

    private static Dictionary<string, string?> Leaves(RunFolder folder)
    {
        var leaves = new Dictionary<string, string?>();
        var config = folder.ReadConfig();
        foreach (var (key, value) in config.Where(row => !s_left.Contains(row.Key)))
        {
            Add(key == "options" ? "" : key, value);
        }

        return leaves;

        void Add(string name, JsonNode? node)
        {
            if (node is JsonObject inside)
            {
                foreach (var (key, value) in inside)
                {
                    Add(name.Length == 0 ? key : $"{name}.{key}", value);
                }
            }
            else
            {
                leaves[name] = node?.ToJsonString() ?? "null";
            }
        }
    }
}
