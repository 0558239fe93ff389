namespace Bijectors.Cli;

/// <summary>The likelihoods of a comparison, and what a reader must know of them.</summary>
internal static class ResultSection
{
    public static ReportSection Of(ComparisonOutcome outcome) => new("results", "Results", Html.Of(
        $"""
        {Table(outcome).Draw()}
        <ul>
        {Html.Each(ComparisonNotes.Of(outcome), note => Html.Of($"<li>{note}</li>"))}
        </ul>
        {ReportDefinitions.Likelihood}
        """));

    private static HtmlTable Table(ComparisonOutcome outcome)
    {
        string[] columns = ["Model", "Parameters", "Test bits/dim", "Above the lowest", "Test nats"];
        var rows = ComparisonTable.Rows(outcome).ToList();
        return new("Test likelihood of each model", columns, [.. rows.Select((row, i) => new HtmlTable.Row(
            row[0], ComparisonTable.Choose(row, columns).Skip(1))
        {
            // Remarks stand below the name of the model.
            Remarks = row[^1],
            Kind = i == rows.Count - 1 ? "baseline"
                : i == 0 && outcome.Ranking.Best is not null ? ComparisonTable.Best : "",
        })]);
    }
}
