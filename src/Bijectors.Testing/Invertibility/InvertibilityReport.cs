namespace Bijectors.Testing;

/// <summary>
/// How exactly a flow, trained or not, inverts itself on data: round trips both ways, log-dets, points that are lost,
/// and layer by layer where the error comes from.
/// </summary>
/// <remarks>
/// <para>The laws of <see cref="BijectorLaws"/> say whether a map is right; this says how many digits the parameters
/// and the data at hand leave of it. Errors are those of the flow in its own dtype and on its own device.</para>
/// <para>Jacobians are computed in float64. While they are, the fields of a flow in another dtype hold float64 copies;
/// afterwards, also after an exception, they hold the very tensors they held before, so that optimizers keep their
/// parameters (<c>flow.to(ScalarType.Float64)</c> would replace them). Modes of training are restored as well. No other
/// thread may use the flow meanwhile. A flow with tensors in other places than the fields of its modules stays in its
/// dtype, see <see cref="JacobianDType"/>.</para>
/// <para>The same seed gives the same report; torch's global generator is left alone. Memory does not grow with the
/// number of points but for a few numbers each.</para>
/// </remarks>
public sealed class InvertibilityReport
{
    private const double LogDetSeen = 1e-4;

    private InvertibilityReport(Flow flow, DataRun run, Inspection inspection, IReadOnlyList<double> samples)
    {
        DType = flow.Dtype;
        (Count, Samples) = (run.Count, samples.Count);
        (RoundTrip, SampleRoundTrip, LogDet) = (run.RoundTrip, Errors.Of(samples), inspection.LogDet);
        (LogDetAgainst, JacobianDType, InFloat64) = (inspection.Oracle, inspection.DType,
            inspection.DType == ScalarType.Float64 ? inspection.RoundTrip.Worst : double.NaN);
        LogDetStandardError = inspection.LogDetStandardError;
        SamplesNotFinite = samples.Count == 0 ? 0 : samples.Count(double.IsInfinity) / (double)samples.Count;
        (OutsideSupport, NotFinite, Saturated) =
            (Share(run.OutsideSupport), Share(run.NotFinite), Share(run.Saturated));
        Layers = [.. run.Layers.Select((tally, i) => Layer(tally, inspection.Scales[i], inspection.DigitsLost[i]))];
        WorstLayer = Layers.MaxBy(Badness)!;
        Warnings = [.. Warn(flow)];

        double Share(long points) => (double)points / Count;

        LayerReport Layer(LayerTally tally, Scales scales, double digits)
        {
            var layer = new LayerReport
            {
                Path = tally.Layer.Path,
                Layer = tally.Layer.Module.ToString(),
                OwnError = tally.OwnError,
                LeastScale = scales.Least,
                GreatestScale = scales.Greatest,
                Amplification = scales.Condition,
                DigitsLost = digits,
                Share = Math.Max(0, digits) / Math.Max(1e-9, inspection.DigitsLost.Sum(d => Math.Max(0, d))),
                NotFinite = Share(tally.NotFinite),
                Saturated = Share(tally.Saturated),
                Cause = LayerCause.None,
                Advice = "",
            };
            var (cause, advice) = Advice.Of(tally.Layer, layer, scales, RoundTrip.Worst, DType);
            return layer with { Cause = cause, Advice = advice };
        }
    }

    /// <summary>The dtype of the flow, in which all errors are measured.</summary>
    public ScalarType DType { get; }

    /// <summary>How many points the data have.</summary>
    public long Count { get; }

    /// <summary>How many samples were drawn.</summary>
    public int Samples { get; }

    /// <summary>Data to base and back, relative to <c>1 + |x|</c>, of the points inside the support.</summary>
    public Errors RoundTrip { get; }

    /// <summary>Samples of the base to data and back, relative to <c>1 + |z|</c>.</summary>
    public Errors SampleRoundTrip { get; }

    /// <summary>
    /// The share of the samples, 0 to 1, that are infinite or NaN on their way to data and back, as where they are
    /// rounded to an end of the support.
    /// </summary>
    public double SamplesNotFinite { get; }

    /// <summary>
    /// The worst round trip that is left in float64 of the points that come back worst, relative to <c>1 + |x|</c>; NaN
    /// where it is not known, see <see cref="JacobianDType"/>.
    /// </summary>
    public double InFloat64 { get; }

    /// <summary>
    /// How far log-dets are off, in nats per dimension, at a few points: those that come back worst, and some
    /// spread over the data.
    /// </summary>
    public Errors LogDet { get; }

    /// <summary>
    /// The largest standard error of the log-dets, in nats per dimension, where they are estimated:
    /// <see cref="LogDet"/> is then that of the mean of 100 draws. 0 where they are exact.
    /// </summary>
    public double LogDetStandardError { get; }

    /// <summary>What <see cref="LogDet"/> was compared with.</summary>
    public LogDetOracle LogDetAgainst { get; }

    /// <summary>
    /// The dtype in which Jacobians were computed: float64, or that of the flow where it could not be widened.
    /// </summary>
    public ScalarType JacobianDType { get; }

    /// <summary>
    /// The share of the points, 0 to 1, that lie outside the support, where the density is zero, or hold a NaN. They
    /// count in no error.
    /// </summary>
    public double OutsideSupport { get; }

    /// <summary>
    /// The share of the points, 0 to 1, inside the support whose base point, log-det or return is infinite or NaN.
    /// </summary>
    public double NotFinite { get; }

    /// <summary>
    /// The share of the points, 0 to 1, that some layer saturates, see <see cref="LayerReport.Saturated"/>; they may be
    /// among <see cref="NotFinite"/>.
    /// </summary>
    public double Saturated { get; }

    /// <summary>
    /// The layers, the one that meets the data first. What acts along an axis, on parts or after a multi-scale step is
    /// taken apart, so that layers inside are seen.
    /// </summary>
    public IReadOnlyList<LayerReport> Layers { get; }

    /// <summary>
    /// The layer that loses most: the most points, or, where none are lost, the most digits. Also of a flow without
    /// fault there is one.
    /// </summary>
    public LayerReport WorstLayer { get; }

    /// <summary>
    /// What is wrong, a sentence each, with what to do about it: points outside the support; round trips that lose more
    /// than 1e-3 of <c>1 + |x|</c>; layers that lose points or as much, or are so ill conditioned that they could;
    /// samples that are not finite; log-dets off by more than 1e-4 nats per dimension, and six standard errors where
    /// they are estimated. Empty for a healthy flow.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Looks at a flow on data.</summary>
    /// <param name="flow">The flow; it is left as it was.</param>
    /// <param name="data">Items, <c>(N, event...)</c>, N at least 1, in any dtype; a flow with levels adds
    /// dequantization noise to them.</param>
    /// <param name="context">Their context, <c>(N, C)</c> or <c>(C)</c>, for a conditional flow. Samples take the same
    /// contexts, from the first on.</param>
    /// <param name="seed">Determines noise and samples.</param>
    /// <param name="batchSize">How many points are passed at a time.</param>
    /// <param name="samples">How many samples go from base to data and back; may be 0.</param>
    /// <param name="mostDimensions">Up to how many dimensions Jacobians are computed in full, one backward pass for
    /// each; beyond them log-dets are compared with those of the inverse, and scales are found by power
    /// iteration.</param>
    /// <exception cref="ArgumentException">There are no items, a number is out of range, the items are on another
    /// shape, or there is no context where one is needed, or one where none is.</exception>
    public static InvertibilityReport Of(
        Flow flow, Tensor data, Tensor? context = null, int seed = 0, int batchSize = 256, int samples = 256,
        int mostDimensions = 128)
    {
        ArgumentNullException.ThrowIfNull(flow);
        Check(nameof(InvertibilityReport), flow, data, context);
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        ArgumentOutOfRangeException.ThrowIfNegative(mostDimensions);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        using var modes = new Modes(flow);
        var layers = FlowLayer.Of(flow);
        using var run = new DataRun(flow, layers, data, context, seed, batchSize);
        var ofSamples = SampleRun.Of(flow, context, samples, seed, batchSize);
        return new(flow, run, Inspection.Of(flow, layers, run.Inspected, mostDimensions, seed), ofSamples);
    }

    /// <summary>The report as text: a summary, a table of the layers, the worst layer, and the warnings.</summary>
    public override string ToString() => ReportText.Of(this);

    /// <summary>What the worst layer has most of.</summary>
    internal static (double Lost, double Digits, double Amplification) Badness(LayerReport layer) =>
        (layer.NotFinite + layer.Saturated, layer.DigitsLost,
            double.IsNaN(layer.Amplification) ? 0 : layer.Amplification);

    /// <summary>Stops whose data or context do not fit a flow.</summary>
    internal static void Check(string whose, Flow flow, Tensor data, Tensor? context)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.dim() != flow.EventShape.Rank + 1 || data.shape[0] == 0
            || !data.shape.AsSpan()[1..].SequenceEqual(flow.EventShape.ToArray()))
        {
            throw new ArgumentException(
                $"{whose}: expected items (N, {string.Join(", ", flow.EventShape.ToArray())}), "
                + $"N at least 1, got ({string.Join(", ", data.shape)}).", nameof(data));
        }

        long[]? one = flow.ContextShape?.ToArray();
        long[]? each = one is null ? null : [data.shape[0], .. one];
        if (one is null
            ? context is not null
            : context is null || !(context.shape.SequenceEqual(one) || context.shape.SequenceEqual(each!)))
        {
            throw new ArgumentException(
                $"{whose}: "
                + $"expected {(one is null ? "no context" : $"a context {Shape.Of(each!)} or {Shape.Of(one)}")}, "
                + $"got {(context is null ? "none" : $"({string.Join(", ", context.shape)})")}.",
                nameof(context));
        }
    }

    private IEnumerable<string> Warn(Flow flow)
    {
        if (OutsideSupport > 0)
        {
            yield return $"{ReportText.Share(OutsideSupport)} of the points lie outside the support "
                + $"{flow.Transform.Domain}, where the density is zero; "
                + "rescale the data, or begin with a layer whose domain holds them";
        }

        if (RoundTrip.Worst > Advice.Seen)
        {
            var remedy = DType == ScalarType.Float64 || double.IsNaN(InFloat64)
                ? ""
                : $"; in float64, after flow.to(ScalarType.Float64), {ReportText.Number(InFloat64)} at the same points";
            yield return $"points come back off by up to {ReportText.Number(RoundTrip.Worst)} of 1 + |x|{remedy}";
        }

        foreach (var layer in Layers.Where(layer => layer.Cause != LayerCause.None).OrderByDescending(Badness))
        {
            yield return layer.ToString();
        }

        if (SamplesNotFinite > 0)
        {
            yield return $"{ReportText.Share(SamplesNotFinite)} of the samples are not finite on their way to data and "
                + $"back: they come to an end of the support {flow.Transform.Domain}, or overflow";
        }

        if (LogDet.Worst > LogDetSeen + 6 * LogDetStandardError)
        {
            yield return $"log-dets are off by up to {ReportText.Number(LogDet.Worst)} nats per dimension; "
                + "BijectorLaws tells which layer's are wrong, if they are";
        }
    }
}
