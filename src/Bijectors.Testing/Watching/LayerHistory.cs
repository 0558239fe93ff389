using System.Globalization;
using System.Text;

namespace Bijectors.Testing;

/// <summary>The snapshots of a flow over its training, read together.</summary>
public static class LayerHistory
{
    private const string Whole = "flow";

    /// <summary>
    /// The snapshots as a table with one row for each layer of each, and one for the whole flow, whose path is
    /// <c>flow</c>: <c>epoch, step, path, layer, log_det, log_det_deviation, condition, round_trip, roundings</c>.
    /// Log-dets are in nats per item; numbers have all their digits; what is not known is empty.
    /// </summary>
    /// <param name="snapshots">The snapshots, in their order.</param>
    public static string ToCsv(IEnumerable<LayerSnapshot> snapshots)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        var text = new StringBuilder();
        text.Append("epoch,step,path,layer,log_det,log_det_deviation,condition,round_trip,roundings\n");
        foreach (var snapshot in snapshots)
        {
            foreach (var layer in snapshot.Layers)
            {
                Row(
                    snapshot, layer.Path, layer.Layer, layer.LogDet, layer.LogDetDeviation, layer.Condition, null,
                    null);
            }

            Row(
                snapshot, Whole, "", snapshot.LogDet, snapshot.LogDetDeviation, null, snapshot.RoundTrip,
                snapshot.Roundings);
        }

        return text.ToString();

        void Row(LayerSnapshot snapshot, string path, string layer, params ReadOnlySpan<double?> numbers)
        {
            text.Append(
                CultureInfo.InvariantCulture, $"{snapshot.Epoch},{snapshot.Step},{Quoted(path)},{Quoted(layer)}");
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
    /// that rounding moves what it gives back by more than a thousandth, from the first snapshot on after which it
    /// stays so; points that come back off by more than a thousandth of <c>1 + |x|</c>, with the layer that is worst
    /// conditioned then. Empty of a run in which nothing does.
    /// </summary>
    /// <param name="snapshots">The snapshots of one run, in their order.</param>
    public static IReadOnlyList<string> Findings(IReadOnlyList<LayerSnapshot> snapshots)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        return snapshots.Count == 0
            ? [] : [.. NotFinite(snapshots), .. IllConditioned(snapshots), .. ComesBackOff(snapshots)];
    }

    private static IEnumerable<string> NotFinite(IReadOnlyList<LayerSnapshot> snapshots)
    {
        var first = snapshots.FirstOrDefault(snapshot => snapshot.Layers.Any(layer => !double.IsFinite(layer.LogDet)));
        if (first is not null)
        {
            var layer = first.Layers.First(layer => !double.IsFinite(layer.LogDet));
            yield return $"the log-det of {Name(layer)} is not finite at step {Step(first)}";
        }
    }

    private static IEnumerable<string> IllConditioned(IReadOnlyList<LayerSnapshot> snapshots)
    {
        var last = snapshots[^1];
        for (var i = 0; i < last.Layers.Count; i++)
        {
            var from = snapshots.Count;
            while (from > 0 && IsIll(snapshots[from - 1], i))
            {
                from--;
            }

            if (from < snapshots.Count)
            {
                yield return $"{Name(last.Layers[i])} is ill conditioned from step {Step(snapshots[from])} on: its "
                    + $"Jacobian has the condition {ReportText.Number(last.Layers[i].Condition)} at step {Step(last)}, "
                    + $"and a rounding of {ReportText.Number(last.Rounding)} grows to "
                    + $"{ReportText.Number(last.Layers[i].Condition * last.Rounding)}";
            }
        }
    }

    private static IEnumerable<string> ComesBackOff(IReadOnlyList<LayerSnapshot> snapshots)
    {
        var worst = snapshots.MaxBy(snapshot => snapshot.RoundTrip)!;
        if (worst.RoundTrip > Advice.Seen)
        {
            var first = snapshots.First(snapshot => snapshot.RoundTrip > Advice.Seen);
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

    private static bool IsIll(LayerSnapshot snapshot, int layer) =>
        snapshot.Layers[layer] is { IsElementwise: false } measure
        && measure.Condition * snapshot.Rounding > Advice.Seen;

    private static string Name(LayerMeasure layer) => $"{layer.Path} ({layer.Layer})";

    private static string Step(LayerSnapshot snapshot) => snapshot.Step.ToString("N0", CultureInfo.InvariantCulture);

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(',', '"', '\n')
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : text;
}
