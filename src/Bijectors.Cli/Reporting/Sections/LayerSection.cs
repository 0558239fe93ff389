using Bijectors.Testing;

namespace Bijectors.Cli;

/// <summary>The layers of each model over its training.</summary>
internal static class LayerSection
{
    // A condition of a million leaves one digit of float32.
    private const double DeepestPower = 6;

    /// <returns>Null where no snapshots were taken.</returns>
    public static ReportSection? Of(IReadOnlyList<ReportedModel> models)
    {
        var seen = models.Where(model => model.Snapshots.Count > 0).ToList();
        if (seen.Count == 0)
        {
            return null;
        }

        var curves = seen.Select(model => new Curve(
            model.Title, [.. model.Snapshots.Select(at => ((double)at.Step, Math.Log10(at.Roundings)))]));
        return new("layers", "Layers over training", Html.Of(
            $"""
            <p class="lead">{(models.Count == 1 ? "The model" : "The first run of each model")} at
            {LayerProbe.UsualItems} validation items: how far they are off when they come back, in roundings of the
            dtype, and for each layer the condition number of its Jacobian and its mean log-det.</p>
            {CurveChart.Draw([.. curves], "step", "round trip, log10 roundings", null)}
            {Html.Each(seen, Tables)}
            """));
    }

    private static Html Tables(ReportedModel model)
    {
        var snapshots = model.Snapshots;
        long[] steps = [.. snapshots.Select(snapshot => snapshot.Step)];
        var most = snapshots.SelectMany(snapshot => snapshot.Layers).Select(layer => Math.Abs(layer.LogDet))
            .Where(double.IsFinite).Append(1e-9).Max();
        return Html.Of(
            $"""
            <details>
            <summary>{model.Title}: {snapshots[^1].Layers.Count} layers</summary>
            {HeatTable.Draw(
                $"{model.Title}: condition", steps, Rows(snapshots, layer => layer.Condition),
                condition => Math.Log10(condition) / DeepestPower, 1)}
            {HeatTable.Draw(
                $"{model.Title}: log-det in nats per item", steps, Rows(snapshots, layer => layer.LogDet),
                logDet => Math.Abs(logDet) / most, 0)}
            </details>
            """);
    }

    private static IReadOnlyList<(string Name, IReadOnlyList<double> Values)> Rows(
        IReadOnlyList<LayerSnapshot> snapshots, Func<LayerMeasure, double> of) =>
        [.. snapshots[^1].Layers.Select((layer, i) =>
            (layer.Layer, (IReadOnlyList<double>)[.. snapshots.Select(snapshot => of(snapshot.Layers[i]))]))];
}
