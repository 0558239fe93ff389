namespace Bijectors.Cli;

/// <summary>How exactly models invert, and compute their log-determinants.</summary>
internal static class ExactnessSection
{
    public static ReportSection Of(IReadOnlyList<(string Title, RunMeasures Measures)> models) => new(
        "exactness", "Invertibility", Html.Of(
            $"""
            {new HtmlTable("Errors of inverse and log-determinant", ["Model", "Round trip", "Log-det error"],
                [.. models.Select(model => new HtmlTable.Row(model.Title,
                [
                    Numbers.Error(model.Measures.RoundTripError), Numbers.Error(model.Measures.LogDetError),
                ]))]).Draw()}
            {ReportDefinitions.Exactness}
            """));
}
