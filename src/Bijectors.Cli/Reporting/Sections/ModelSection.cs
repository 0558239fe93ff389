namespace Bijectors.Cli;

/// <summary>What each model is: its layers and its options.</summary>
internal static class ModelSection
{
    /// <returns>Null where there is nothing to say.</returns>
    public static ReportSection? Of(IReadOnlyList<ReportedModel> models)
    {
        var known = models.Where(model => model.Layers.Length > 0).ToList();
        return known.Count == 0 ? null : new("models", "Models", Html.Each(known, Describe));
    }

    private static Html Describe(ReportedModel model)
    {
        var options = model.Options is null ? Html.None : Html.Of(
            $"""
            <dl class="options">
            {Html.Each(model.Options, option =>
                Html.Of($"<dt>{option.Key}</dt><dd>{option.Value?.ToJsonString() ?? "null"}</dd>"))}
            </dl>
            """);
        return Html.Of(
            $"""
            <details>
            <summary>{model.Title}</summary>
            <div class="scroll" role="region" aria-label="{model.Title}: layers" tabindex="0">
            <pre>{model.Layers}</pre>
            </div>
            {options}
            </details>
            """);
    }
}
