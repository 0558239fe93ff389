namespace Bijectors.Cli;

/// <summary>The files of a comparison.</summary>
internal sealed class ComparisonFiles(OutputFolder folder)
{
    public void Write(Terminal terminal, ComparisonOutcome outcome)
    {
        folder.Write("results.json", ResultsJson.Of(outcome));
        folder.Write("report.html", HtmlReport.Of(outcome));
        foreach (var contestant in outcome.Contestants.Where(contestant => contestant.Samples is not null))
        {
            folder.Write($"samples-{contestant.Model.Name}.png", contestant.Samples!);
        }

        terminal.Line($"Written: {folder.PathOf("report.html")}, results.json and sample grids beside it.");
    }
}
