using System.Globalization;
using System.Net;
using System.Text;
using Bijectors.Charts;
using Bijectors.Testing;

namespace Bijectors.Cli;

/// <summary>The part of a report that shows the layers of each model over its training; empty where no
/// snapshots were taken.</summary>
internal static class LayerSection
{
    // A condition of a million leaves one digit of float32.
    private const double DeepestPower = 6;

    public static string Html(IReadOnlyList<Contestant> contestants)
    {
        var seen = contestants.Where(contestant => contestant.Snapshots.Count > 0).ToList();
        if (seen.Count == 0)
        {
            return "";
        }

        var html = new StringBuilder();
        html.Append("<section>\n<h2>Layers over training</h2>\n");
        html.Append(CultureInfo.InvariantCulture,
            $"""
            <p class="lead">The first run of each model at {LayerProbe.UsualItems} validation items: how far they are
            off when they come back, in roundings of the dtype, and for each layer the condition number of its Jacobian
            and its mean log-det.</p>

            """);
        html.Append(CurveChart.Draw(
            [.. seen.Select(contestant => new Curve(
                contestant.Model.Title,
                [.. contestant.Snapshots.Select(at => ((double)at.Step, Math.Log10(at.Roundings)))]))],
            "step", "log10 of the round trip in roundings", null)).Append('\n');
        seen.ForEach(contestant => Tables(html, contestant));
        return html.Append("</section>\n").ToString();
    }

    private static void Tables(StringBuilder html, Contestant contestant)
    {
        var snapshots = contestant.Snapshots;
        long[] steps = [.. snapshots.Select(snapshot => snapshot.Step)];
        var most = snapshots.SelectMany(snapshot => snapshot.Layers).Select(layer => Math.Abs(layer.LogDet))
            .Where(double.IsFinite).Append(1e-9).Max();
        html.Append(CultureInfo.InvariantCulture,
            $"<details>\n<summary>{Escape(contestant.Model.Title)}: {snapshots[^1].Layers.Count} layers</summary>\n");
        html.Append("<div class=\"pair\">\n");
        html.Append(HeatTable.Draw(
            "condition", steps, Rows(snapshots, layer => layer.Condition),
            condition => Math.Log10(condition) / DeepestPower, 1)).Append('\n');
        html.Append(HeatTable.Draw(
            "log-det in nats per item", steps, Rows(snapshots, layer => layer.LogDet),
            logDet => Math.Abs(logDet) / most, 0)).Append('\n');
        html.Append("</div>\n</details>\n");
    }

    private static IReadOnlyList<(string Name, IReadOnlyList<double> Values)> Rows(
        IReadOnlyList<LayerSnapshot> snapshots, Func<LayerMeasure, double> of) =>
        [.. snapshots[^1].Layers.Select((layer, i) =>
            (layer.Layer, (IReadOnlyList<double>)[.. snapshots.Select(snapshot => of(snapshot.Layers[i]))]))];

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
