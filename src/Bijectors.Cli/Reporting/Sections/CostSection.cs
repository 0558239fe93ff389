namespace Bijectors.Cli;

/// <summary>What models cost: to train, to score and to sample.</summary>
internal static class CostSection
{
    public static ReportSection Of(IReadOnlyList<(string Title, RunMeasures Measures)> models) => new(
        "cost", "Cost", Html.Of(
            $"""
            {new HtmlTable(
                "Cost of each model",
                ["Model", "Parameters", "Steps", "Training", "Train items/s", "Scored items/s", "Samples/s"],
                [.. models.Select(model => new HtmlTable.Row(model.Title,
                [
                    Numbers.Count(model.Measures.Parameters),
                    Numbers.Count(model.Measures.Steps),
                    Numbers.Seconds(model.Measures.Seconds),
                    Numbers.Count(model.Measures.TrainImagesPerSecond),
                    Numbers.Count(model.Measures.ScoredPerSecond),
                    Numbers.Count(model.Measures.SamplesPerSecond),
                ]))]).Draw()}
            {ReportDefinitions.Cost}
            """));
}
