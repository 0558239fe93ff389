namespace Bijectors.Cli;

/// <summary>Samples of models beside items of the data, at equal scale.</summary>
internal static class SampleSection
{
    /// <summary>The section; null where the data have no picture and no columns.</summary>
    /// <param name="items">What items of the data look like.</param>
    /// <param name="names">The names of the columns that are shown.</param>
    /// <param name="models">The models.</param>
    public static ReportSection? Of(ItemLook? items, IReadOnlyList<string> names, IReadOnlyList<ReportedModel> models)
    {
        var shown = models.Where(model => model.Look is not null).ToList();
        return items is null || shown.Count == 0
            ? null
            : new("samples", "Samples", Html.Join([Pictures(items, shown), Bands(items, names, shown)]));
    }

    private static Html Pictures(ItemLook items, List<ReportedModel> models)
    {
        if (items.Picture is null)
        {
            return Html.None;
        }

        return Html.Of(
            $"""
            <p class="lead">Pictures show {items.Shows}. All have the same axes and the same range.</p>
            <div class="grids">
            {Figure("Test items", items.Picture)}
            {Html.Each(models.Where(model => model.Look!.Picture is not null), Of)}
            </div>
            """);

        static Html Of(ReportedModel model) => Html.Join(
        [
            Figure($"{model.Title}: samples", model.Look!.Picture!),
            .. model.Look.Density is { } density ? [Figure($"{model.Title}: density", density)] : Array.Empty<Html>(),
        ]);
    }

    private static Html Bands(ItemLook items, IReadOnlyList<string> names, List<ReportedModel> models)
    {
        if (items.Columns.Count == 0)
        {
            return Html.None;
        }

        return Html.Of(
            $"""
            <h3>Column by column</h3>
            <p class="lead">Test items above, samples below: thin from the 5 % to the 95 % quantile, thick from 25 % to
            75 %, a mark at the median. The two vertical lines are the 5 % and the 95 % quantile of the test items.</p>
            <div class="pair">
            {Html.Each(models, Chart)}
            </div>
            """);

        Html Chart(ReportedModel model) => Html.Of(
            $"""
            <figure>
            {BandChart.Draw(model.Title, [.. names.Zip(items.Columns, model.Look!.Columns)])}
            <figcaption>{model.Title}</figcaption>
            </figure>
            """);
    }

    private static Html Figure(string title, byte[] png) => Html.Of(
        $"""
        <figure>
        <img alt="{title}" src="data:image/png;base64,{new Html(Convert.ToBase64String(png))}">
        <figcaption>{title}</figcaption>
        </figure>
        """);
}
