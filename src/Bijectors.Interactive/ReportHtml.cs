using Bijectors.Cli;
using Bijectors.Testing;

namespace Bijectors.Interactive;

/// <summary>A report on how exactly a flow inverts itself: its layers, and what is to be said of them.</summary>
internal static class ReportHtml
{
    /// <summary>Two tables, and the warnings.</summary>
    /// <param name="report">The report.</param>
    public static Html Of(InvertibilityReport report) => Markup.Block(
        Markup.Table(
            ["", "worst", "median"],
            [
                ["data to base and back", Number(report.RoundTrip.Worst), Number(report.RoundTrip.Median)],
                ["base to data and back", Number(report.SampleRoundTrip.Worst), Number(report.SampleRoundTrip.Median)],
                ["log-det, nats per dimension", Number(report.LogDet.Worst), Number(report.LogDet.Median)],
            ]),
        Markup.Table(
            ["layer", "own error", "amplification", "digits lost", "advice"],
            report.Layers.Select(layer => new[]
            {
                layer.Layer, Number(layer.OwnError.Worst), Number(layer.Amplification),
                FormattableString.Invariant($"{layer.DigitsLost:f1}"), layer.Advice,
            })),
        Html.Each(report.Warnings, Markup.Line));

    private static string Number(double number) => FormattableString.Invariant($"{number:0.#e+0}");
}
