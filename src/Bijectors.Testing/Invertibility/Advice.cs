namespace Bijectors.Testing;

/// <summary>Why a layer loses digits, and what to do about it.</summary>
internal static class Advice
{
    /// <summary>A thousandth is seen, in an image or a plot.</summary>
    public const double Seen = 1e-3;

    // Where the whole loses what is seen, a layer that costs more digits than this has a part in it.
    private const double Digits = 1;

    // What is conditioned like this costs two digits at most.
    private const double Mild = 100;

    /// <summary>What is to be said of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="report">What was measured of it.</param>
    /// <param name="scales">Its Jacobian.</param>
    /// <param name="wholeError">The worst error of the whole round trip.</param>
    /// <param name="dtype">The dtype of the flow.</param>
    public static (LayerCause Cause, string Text) Of(
        FlowLayer layer, LayerReport report, Scales scales, double wholeError, ScalarType dtype)
    {
        // What an elementwise layer does to an entry is seen in its error; that it scales entries
        // differently is no harm.
        var illConditioned = layer.Direction.OwnRank > 0 && report.Amplification * Rounding(dtype) > Seen;
        var hasPart = wholeError > Seen && report.DigitsLost > Digits;
        if (report.NotFinite == 0 && report.Saturated == 0
            && !(report.OwnError.Worst > Seen) && !illConditioned && !hasPart)
        {
            return (LayerCause.None, "");
        }

        var cause = Cause(layer, report, scales);
        return (cause, Text(cause, layer.Direction, report, dtype));
    }

    /// <summary>The relative error of one rounding.</summary>
    public static double Rounding(ScalarType dtype) => dtype switch
    {
        ScalarType.Float64 => Math.Pow(2, -52),
        ScalarType.Float16 => Math.Pow(2, -10),
        ScalarType.BFloat16 => Math.Pow(2, -7),
        _ => Math.Pow(2, -23),
    };

    private static LayerCause Cause(FlowLayer layer, LayerReport report, Scales scales) => layer switch
    {
        _ when report.Saturated > 0 => LayerCause.Saturation,
        _ when !layer.Direction.From.Includes(Domain.Real) => LayerCause.DomainEdge,
        _ when report.Amplification < Mild => LayerCause.Range,
        { Module.AffineAxis: 0 } when layer.Module.parameters().Concat(layer.Module.buffers()).Any() =>
            LayerCause.ConstantScale,

        // Where only the norm of the Jacobian is known, it is more often the scales.
        _ when layer.Module.modules().OfType<Conditioner>().Any() =>
            scales.OfDiagonal < Math.Sqrt(scales.Condition) ? LayerCause.Network : LayerCause.Scale,
        { Module: { HasConstantJacobian: true, EventRank: > 0 } } when layer.Module.parameters().Any() =>
            LayerCause.LinearMap,
        _ => LayerCause.Slope,
    };

    private static string Text(LayerCause cause, Direction on, LayerReport report, ScalarType dtype) => cause switch
    {
        LayerCause.Saturation =>
            $"{ReportText.Share(report.Saturated)} of the points come out at an end of {on.Onto}, "
            + $"where {ReportText.Name(dtype)} cannot tell them apart; "
            + "bring them nearer to the middle by a Scale or an ActNorm before it",
        LayerCause.DomainEdge =>
            $"points come close to an end of {on.From}, where it is steep; keep data away from the ends, "
            + "as Logit(alpha: 0.05) does, or rescale them",
        LayerCause.Scale =>
            "the scales its network gives reach too far; consider ScaleMap.Sigmoid(floor: 0.1) or ScaleMap.Bounded(1), "
            + "a lower learning rate, or weight decay",
        LayerCause.Network =>
            "its network is steep, so that small changes of one part move the other far; consider weight decay, "
            + "a lower learning rate, or an ActNorm before it",
        LayerCause.ConstantScale =>
            "a channel is scaled very far, since it hardly varies in the data; leave it out, add noise to it, "
            + "or initialise on a larger batch",
        LayerCause.LinearMap =>
            "the linear map is close to singular; consider weight decay, a lower learning rate, "
            + "or a fixed rotation or permutation in its place",
        LayerCause.Range =>
            "it is well conditioned, but small numbers disappear beside large ones in the rounding; "
            + "bound what comes before it, or normalise that by an ActNorm",
        _ => "it is steep or flat where the points are; normalise what reaches it, by an ActNorm before it",
    };
}
