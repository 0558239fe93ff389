using System.Globalization;
using System.Text;

namespace Bijectors.Testing;

/// <summary>Looks at a flow over its training, read together.</summary>
public static class LayerHistory
{
    private const string Whole = "flow";

    /// <summary>
    /// The looks as a table with one row for each layer of each look, and one for the whole flow, whose path is
    /// <c>flow</c>: <c>epoch, step, path, layer, log_det, log_det_deviation, condition, round_trip, roundings</c>.
    /// Log-dets are in nats per item; numbers have all their digits; what is not known is empty.
    /// </summary>
    /// <param name="looks">The looks, in their order.</param>
    public static string ToCsv(IEnumerable<LayerLook> looks)
    {
        ArgumentNullException.ThrowIfNull(looks);
        var text = new StringBuilder();
        text.Append("epoch,step,path,layer,log_det,log_det_deviation,condition,round_trip,roundings\n");
        foreach (var look in looks)
        {
            foreach (var layer in look.Layers)
            {
                Row(look, layer.Path, layer.Layer, layer.LogDet, layer.LogDetDeviation, layer.Condition, null, null);
            }

            Row(look, Whole, "", look.LogDet, look.LogDetDeviation, null, look.RoundTrip, look.Roundings);
        }

        return text.ToString();

        void Row(LayerLook look, string path, string layer, params ReadOnlySpan<double?> numbers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{look.Epoch},{look.Step},{Quoted(path)},{Quoted(layer)}");
            foreach (var number in numbers)
            {
                text.Append(',').Append(number is null or double.NaN
                    ? "" : number.Value.ToString("R", CultureInfo.InvariantCulture));
            }

            text.Append('\n');
        }
    }

    /// <summary>
    /// What goes wrong on the way, a sentence each: a layer whose log-det is not finite; a layer so ill conditioned
    /// that rounding moves what it gives back by more than a thousandth, from the first look on after which it stays
    /// so; points that come back off by more than a thousandth of <c>1 + |x|</c>, with the layer that is worst
    /// conditioned then. Empty of a run in which nothing does.
    /// </summary>
    /// <param name="looks">The looks of one run, in their order.</param>
    public static IReadOnlyList<string> Findings(IReadOnlyList<LayerLook> looks)
    {
        ArgumentNullException.ThrowIfNull(looks);
        return looks.Count == 0 ? [] : [.. NotFinite(looks), .. IllConditioned(looks), .. ComesBackOff(looks)];
    }

    private static IEnumerable<string> NotFinite(IReadOnlyList<LayerLook> looks)
    {
        var first = looks.FirstOrDefault(look => look.Layers.Any(layer => !double.IsFinite(layer.LogDet)));
        if (first is not null)
        {
            var layer = first.Layers.First(layer => !double.IsFinite(layer.LogDet));
            yield return $"the log-det of {Name(layer)} is not finite at step {Step(first)}";
        }
    }

    private static IEnumerable<string> IllConditioned(IReadOnlyList<LayerLook> looks)
    {
        var last = looks[^1];
        for (var i = 0; i < last.Layers.Count; i++)
        {
            var from = looks.Count;
            while (from > 0 && IsIll(looks[from - 1], i))
            {
                from--;
            }

            if (from < looks.Count)
            {
                yield return $"{Name(last.Layers[i])} is ill conditioned from step {Step(looks[from])} on: its "
                    + $"Jacobian has the condition {ReportText.Number(last.Layers[i].Condition)} at step {Step(last)}, "
                    + $"and a rounding of {ReportText.Number(last.Rounding)} grows to "
                    + $"{ReportText.Number(last.Layers[i].Condition * last.Rounding)}";
            }
        }
    }

    private static IEnumerable<string> ComesBackOff(IReadOnlyList<LayerLook> looks)
    {
        var worst = looks.MaxBy(look => look.RoundTrip)!;
        if (worst.RoundTrip > Advice.Seen)
        {
            var first = looks.First(look => look.RoundTrip > Advice.Seen);
            var layer = worst.Layers.Where(layer => !layer.IsElementwise && double.IsFinite(layer.Condition))
                .MaxBy(layer => layer.Condition);
            var by = layer is null
                ? ""
                : $"; the layer of the largest condition is then {Name(layer)}, with "
                    + ReportText.Number(layer.Condition);
            yield return $"points come back off by up to {ReportText.Number(worst.RoundTrip)} of 1 + |x| at step "
                + $"{Step(worst)}, first seen at step {Step(first)}{by}";
        }
    }

    private static bool IsIll(LayerLook look, int layer) =>
        look.Layers[layer] is { IsElementwise: false } measure && measure.Condition * look.Rounding > Advice.Seen;

    private static string Name(LayerMeasure layer) => $"{layer.Path} ({layer.Layer})";

    private static string Step(LayerLook look) => look.Step.ToString("N0", CultureInfo.InvariantCulture);

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(',', '"', '\n')
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : text;
}
