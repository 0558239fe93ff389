using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Bijectors.Cli;

/// <summary>What <c>list</c> gives: the runs of a folder as a table.</summary>
/// <param name="Root">The folder.</param>
/// <param name="Runs">The runs.</param>
internal sealed record RunListResult(string Root, IReadOnlyList<RunSummary> Runs) : CommandResult
{
    public override JsonObject ToJson() => new()
    {
        ["folder"] = Root,
        ["runs"] = new JsonArray([.. Runs.Select(run => (JsonNode)run.ToJson())]),
    };

    public override void Print(Terminal terminal)
    {
        if (Runs.Count == 0)
        {
            terminal.Line($"{Root}: no runs; \"bijectors train --run FOLDER\" begins one.");
            return;
        }

        var table = new Table { Border = TableBorder.Rounded };
        foreach (var column in (ReadOnlySpan<string>)["Run", "Status", "Model", "Data", "Parameters", "Steps",
            "Best validation", "Test bits/dim", "Test nats", "Started"])
        {
            var isNumber = column is "Parameters" or "Steps" or "Best validation" or "Test bits/dim" or "Test nats";
            table.AddColumn(new TableColumn(column) { Alignment = isNumber ? Justify.Right : Justify.Left });
        }

        foreach (var run in Runs)
        {
            string[] cells =
            [
                Path.GetRelativePath(Root, run.Folder), run.Status, run.Model ?? "", Short(run.Data),
                Whole(run.Parameters), Whole(run.Steps), $"{Real(run.BestValidation)} {run.Unit}".Trim(),
                Real(run.TestBits), Real(run.TestNats), run.Started ?? "",
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        terminal.Ansi.Write(table);
        foreach (var run in Runs.Where(run => run.Message is not null))
        {
            terminal.Line($"{Path.GetRelativePath(Root, run.Folder)}: {run.Message}");
        }
    }

    // The end of a long path says most.
    private static string Short(string? data) => data?.Split('/', '\\')[^1] ?? "";

    private static string Whole(long? number) => number is { } known ? Numbers.Count(known) : "";

    private static string Real(double? number) => number?.ToString("F3", CultureInfo.InvariantCulture) ?? "";
}
