using System.Globalization;
using System.Net;
using System.Text;
using Bijectors.Testing;

namespace Bijectors.Cli;

/// <summary>The part of a report that shows the layers of each model over its training; empty where nobody
/// looked.</summary>
internal static class LayerSection
{
    // A condition of a million leaves one digit of float32.
    private const double DeepestPower = 6;

    public static string Html(IReadOnlyList<Contestant> contestants)
    {
        var seen = contestants.Where(contestant => contestant.Looks.Count > 0).ToList();
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
                [.. contestant.Looks.Select(look => ((double)look.Step, Math.Log10(look.Roundings)))]))],
            "step", "log10 of the round trip in roundings", null)).Append('\n');
        seen.ForEach(contestant => Tables(html, contestant));
        return html.Append("</section>\n").ToString();
    }

    private static void Tables(StringBuilder html, Contestant contestant)
    {
        var looks = contestant.Looks;
        long[] steps = [.. looks.Select(look => look.Step)];
        var most = looks.SelectMany(look => look.Layers).Select(layer => Math.Abs(layer.LogDet))
            .Where(double.IsFinite).Append(1e-9).Max();
        html.Append(CultureInfo.InvariantCulture,
            $"<details>\n<summary>{Escape(contestant.Model.Title)}: {looks[^1].Layers.Count} layers</summary>\n");
        html.Append("<div class=\"pair\">\n");
        html.Append(HeatTable.Draw(
            "condition", steps, Rows(looks, layer => layer.Condition),
            condition => Math.Log10(condition) / DeepestPower, 1)).Append('\n');
        html.Append(HeatTable.Draw(
            "log-det in nats per item", steps, Rows(looks, layer => layer.LogDet),
            logDet => Math.Abs(logDet) / most, 0)).Append('\n');
        html.Append("</div>\n</details>\n");
    }

    private static IReadOnlyList<(string Name, IReadOnlyList<double> Values)> Rows(
        IReadOnlyList<LayerLook> looks, Func<LayerMeasure, double> of) =>
        [.. looks[^1].Layers.Select((layer, i) =>
            (layer.Layer, (IReadOnlyList<double>)[.. looks.Select(look => of(look.Layers[i]))]))];

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
