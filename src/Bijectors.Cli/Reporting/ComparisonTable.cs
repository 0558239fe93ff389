using Spectre.Console;

namespace Bijectors.Cli;

/// <summary>The comparison as rows of text, for the terminal and for the report.</summary>
internal static class ComparisonTable
{
    public static IReadOnlyList<string> Columns { get; } =
    [
        "Model", "Parameters", "Steps", "Training", "Test bits/dim", "Test nats",
        "Round trip", "Log-det error", "Samples/s", "Train items/s",
    ];

    // What a terminal of usual width has room for; the report shows all.
    private static readonly int[] Essential = [0, 1, 3, 4, 6, 8];
    private const int RoomForAll = 144;

    /// <summary>One row for each model, best first, then the baseline.</summary>
    public static IEnumerable<IReadOnlyList<string>> Rows(ComparisonOutcome outcome)
    {
        foreach (var contestant in outcome.Contestants.OrderBy(contestant => contestant.Summary.TestBitsPerDimension))
        {
            var run = contestant.Summary;
            yield return
            [
                contestant.Model.Title,
                Numbers.Count(run.Parameters),
                Numbers.Count(run.Steps),
                Numbers.Seconds(run.Seconds),
                Numbers.Measure(run.TestBitsPerDimension, contestant.BitsError),
                Numbers.Measure(run.TestNllNats, contestant.NatsError),
                Numbers.Error(run.RoundTripError),
                Numbers.Error(run.LogDetError),
                Numbers.Count(run.SamplesPerSecond),
                Numbers.Count(run.TrainImagesPerSecond),
            ];
        }

        var baseline = outcome.Baseline;
        yield return
        [
            baseline.Name, "", "", "",
            Numbers.Measure(baseline.TestBitsPerDimension, null), Numbers.Measure(baseline.TestNllNats, null),
            "", "", "", "",
        ];
    }

    public static void Print(Terminal terminal, ComparisonOutcome outcome)
    {
        var table = new Table { Border = TableBorder.Rounded };
        var shown = terminal.Ansi.Profile.Width >= RoomForAll ? [.. Enumerable.Range(0, Columns.Count)] : Essential;
        foreach (var i in shown)
        {
            var alignment = i == 0 ? Justify.Left : Justify.Right;
            table.AddColumn(new TableColumn(Markup.Escape(Columns[i])) { Alignment = alignment, NoWrap = true });
        }

        foreach (var row in Rows(outcome))
        {
            table.AddRow([.. shown.Select(i => Markup.Escape(row[i]))]);
        }

        terminal.Ansi.Write(table);
    }
}
