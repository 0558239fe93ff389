using Bijectors.Testing;

namespace Bijectors.Cli;

/// <summary>The files of a comparison.</summary>
internal static class ComparisonFiles
{
    /// <summary>Writes them to a folder; where that fails, elsewhere.</summary>
    /// <exception cref="UserException">They are elsewhere, or could not be written; the message says which.</exception>
    public static void Write(string path, ComparisonOutcome outcome) =>
        Refuge.Write(path, place => Write(OutputFolder.Open(place), outcome));

    private static void Write(OutputFolder folder, ComparisonOutcome outcome)
    {
        folder.Write("results.json", ResultsJson.Of(outcome));
        folder.Write("report.html", ComparisonReport.Of(outcome));
        foreach (var contestant in outcome.Contestants.Where(contestant => contestant.Samples is not null))
        {
            folder.Write($"samples-{contestant.Model.Name}.png", contestant.Samples!);
        }

        foreach (var contestant in outcome.Contestants.Where(contestant => contestant.Snapshots.Count > 0))
        {
            folder.Write($"layers-{contestant.Model.Name}.csv", LayerHistory.ToCsv(contestant.Snapshots));
        }
    }
}
