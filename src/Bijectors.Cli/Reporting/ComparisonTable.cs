using Spectre.Console;

namespace Bijectors.Cli;

/// <summary>The comparison as rows of text, for the terminal and for the report.</summary>
internal static class ComparisonTable
{
    public static IReadOnlyList<string> Columns { get; } =
    [
        "Model", "Parameters", "Steps", "Training", "Test bits/dim", "Above the lowest", "Test nats",
        "Round trip", "Log-det error", "Samples/s", "Scored items/s", "Train items/s", "Remarks",
    ];

    /// <summary>The name of a model that is best.</summary>
    public const string Best = "best";

    // What a terminal of usual width has room for; the report shows all.
    private static readonly int[] Essential = [0, 3, 4, 5, 12];
    private const int RoomForAll = 216;

    /// <summary>One row for each model, lowest first, then the baseline.</summary>
    public static IEnumerable<IReadOnlyList<string>> Rows(ComparisonOutcome outcome)
    {
        foreach (var place in outcome.Ranking.Places)
        {
            var contestant = outcome.Contestants.First(candidate => candidate.Model.Title == place.Name);
            var run = contestant.Summary;
            yield return
            [
                contestant.Model.Title,
                Numbers.Count(run.Parameters),
                Numbers.Count(run.Steps),
                Numbers.Seconds(run.Seconds),
                Numbers.Measure(run.TestBitsPerDimension, contestant.BitsError),
                Above(outcome, place.AboveLowest),
                Numbers.Measure(run.TestNllNats, contestant.NatsError),
                Numbers.Error(run.RoundTripError),
                Numbers.Error(run.LogDetError),
                Numbers.Count(run.SamplesPerSecond),
                Numbers.Count(run.ScoredPerSecond),
                Numbers.Count(run.TrainImagesPerSecond),
                string.Join(", ", Remarks(outcome, contestant, place)),
            ];
        }

        var baseline = outcome.Baseline;
        yield return
        [
            baseline.Name, "", "", "",
            Numbers.Measure(baseline.Bits(baseline.TestNllNats), null),
            Above(outcome, outcome.Ranking.BaselineAboveLowest),
            Numbers.Measure(baseline.TestNllNats, null),
            "", "", "", "", "", "",
        ];
    }

    /// <summary>Some cells of a row, by the names of their columns.</summary>
    public static IEnumerable<string> Choose(IReadOnlyList<string> row, IEnumerable<string> columns) =>
        columns.Select(column => row[Columns.ToList().IndexOf(column)]);

    private static string Above(ComparisonOutcome outcome, LossDifference? difference) => difference is null
        ? ""
        : Numbers.Difference(outcome.Baseline.Bits(difference.Mean), outcome.Baseline.Bits(difference.StandardError));

    private static IEnumerable<string> Remarks(ComparisonOutcome outcome, Contestant contestant, Ranking.Place place)
    {
        if (place.Name == outcome.Ranking.Best)
        {
            yield return Best;
        }

        if (contestant.Summary.Converged == false)
        {
            yield return "not converged";
        }

        if (!place.BelowBaseline.Counts)
        {
            yield return "does not beat the baseline";
        }
    }

    public static void Print(Terminal terminal, ComparisonOutcome outcome)
    {
        var table = new Table { Border = TableBorder.Rounded };
        var shown = terminal.Ansi.Profile.Width >= RoomForAll ? [.. Enumerable.Range(0, Columns.Count)] : Essential;
        foreach (var i in shown)
        {
            var isText = i == 0 || i == Columns.Count - 1;
            table.AddColumn(new TableColumn(Markup.Escape(Columns[i]))
            {
                Alignment = isText ? Justify.Left : Justify.Right,
                NoWrap = i < Columns.Count - 1,
            });
        }

        foreach (var row in Rows(outcome))
        {
            table.AddRow([.. shown.Select(i => Markup.Escape(row[i]))]);
        }

        terminal.Ansi.Write(table);
        foreach (var note in ComparisonNotes.Of(outcome))
        {
            terminal.Line(note);
        }
    }
}
