using System.Globalization;

namespace Bijectors.Testing;

/// <summary>An invertibility report as text.</summary>
internal static class ReportText
{
    private const int MostLayers = 24;

    private static readonly string[] Head = ["layer", "own error", "scale", "amplifies", "digits lost", "share"];

    public static string Of(InvertibilityReport report) => string.Join('\n',
        [.. Summary(report), "", .. Table(report), "", $"worst: {report.WorstLayer}", .. Warnings(report)]) + "\n";

    public static string Sentence(LayerReport layer) =>
        $"{layer.Path} ({layer.Layer}): scale {Number(layer.LeastScale)} .. {Number(layer.GreatestScale)}, "
        + $"amplifies errors {Number(layer.Amplification)} times"
        + (layer.Advice.Length > 0 ? $"; {layer.Advice}" : ", loses nothing that matters");

    public static string Number(double x) => x switch
    {
        double.NaN => "-",
        0 => "0",
        double.PositiveInfinity => "infinite",
        >= 0.01 and < 1000 => x.ToString("G3", CultureInfo.InvariantCulture),
        _ => x.ToString("0.0e0", CultureInfo.InvariantCulture),
    };

    public static string Name(ScalarType dtype) => dtype.ToString().ToLowerInvariant();

    /// <summary>A share of 0 to 1, in per cent.</summary>
    public static string Share(double share) =>
        share is > 0 and < 0.0005 ? "< 0.1 %" : FormattableString.Invariant($"{100 * share:0.#} %");

    private static IEnumerable<string> Summary(InvertibilityReport report)
    {
        yield return FormattableString.Invariant(
            $"{report.Count:N0} points in {Name(report.DType)}, {report.Samples:N0} samples");
        yield return $"  data -> base -> data   {Text(report.RoundTrip)}, relative to 1 + |x|";
        yield return $"  base -> data -> base   {Text(report.SampleRoundTrip)}, relative to 1 + |z|; "
            + $"{Share(report.SamplesNotFinite)} of the samples not finite";
        yield return $"  log-det                {Text(report.LogDet)}, in nats per dimension, against {Oracle(report)}";
        if (report.LogDetStandardError > 0)
        {
            yield return $"                         estimated: means of {Inspection.Draws} draws, standard error up to "
                + Number(report.LogDetStandardError);
        }

        yield return $"  points                 {Share(report.OutsideSupport)} outside the support, "
            + $"{Share(report.NotFinite)} not finite, {Share(report.Saturated)} saturated";
    }

    private static string Oracle(InvertibilityReport report) => report.LogDetAgainst == LogDetOracle.Jacobian
        ? $"the autograd Jacobian in {Name(report.JacobianDType)}"
        : "the inverse (too many dimensions for a Jacobian)";

    private static IEnumerable<string> Table(InvertibilityReport report)
    {
        // Of many layers those that matter, in their order.
        var shown = report.Layers.OrderByDescending(InvertibilityReport.Badness).Take(MostLayers)
            .ToHashSet(ReferenceEqualityComparer.Instance);
        var rows = report.Layers.Where(shown.Contains).Select(layer => new[]
        {
            $"{layer.Path} ({layer.Layer})", Number(layer.OwnError.Worst),
            $"{Number(layer.LeastScale)} .. {Number(layer.GreatestScale)}",
            Number(layer.Amplification), Digits(layer.DigitsLost), Share(layer.Share),
        }).Prepend(Head).ToList();
        var widths = Enumerable.Range(0, Head.Length).Select(i => rows.Max(row => row[i].Length)).ToArray();
        foreach (var row in rows)
        {
            yield return "  " + string.Join(
                "  ", row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])));
        }

        if (report.Layers.Count > MostLayers)
        {
            yield return FormattableString.Invariant($"  and {report.Layers.Count - MostLayers} more, which add less");
        }
    }

    private static IEnumerable<string> Warnings(InvertibilityReport report) =>
        report.Warnings.Where(warning => warning != report.WorstLayer.ToString())
            .Select(warning => $"warning: {warning}");

    private static string Text(Errors errors) => $"worst {Number(errors.Worst)}, median {Number(errors.Median)}";

    private static string Digits(double digits) =>
        (Math.Round(digits, 1) + 0.0).ToString("0.0", CultureInfo.InvariantCulture);
}
