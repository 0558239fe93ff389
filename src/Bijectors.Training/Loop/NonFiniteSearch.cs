using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// Finds out where a value that is not finite came from, by passing the batch through the flow layer by layer.
/// </summary>
internal static class NonFiniteSearch
{
    /// <summary>
    /// The place of the first value that is not finite between <paramref name="batch"/> and the loss.
    /// </summary>
    /// <returns>A sentence without a stop; null where all values in between are finite.</returns>
    public static string? InForward(Flow flow, Tensor batch, Tensor? context)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var x = batch;
        if (flow.MissingColumns.Count > 0)
        {
            // NaN stands for what is missing; layers meet what is drawn in its place.
            x = batch = batch.nan_to_num(0, double.PositiveInfinity, double.NegativeInfinity);
        }

        if (!IsFinite(x))
        {
            return "the batch itself holds it, so look at the data";
        }

        if (context is not null && !flow.HasOptionalContext && !IsFinite(context))
        {
            return "the context of the batch holds it, so look at the data";
        }

        var domain = flow.Transform.Domain;
        var outside = domain.Contains(batch).logical_not().flatten().nonzero().flatten();
        if (outside.numel() > 0)
        {
            var first = batch.flatten().index_select(0, outside.narrow(0, 0, 1)).ToDouble();
            return $"the batch holds {first:G6}, outside the domain {domain} of the flow"
                + (domain is EventDomain ? ", in which points lie up to 8 roundings for each entry" : "")
                + ", so look at the data";
        }

        var read = flow.Embed(context);
        var layers = flow.Layers;
        for (var i = 0; i < layers.Count; i++)
        {
            (x, var logDet) = layers[i].ForwardWithLogDet(x, read);
            if (!IsFinite(x) || !IsFinite(logDet))
            {
                var what = IsFinite(x) ? "log-det" : "output";
                return $"the first one is in the {what} of layer {i} ({layers[i]})";
            }
        }

        if (!flow.HasExactLogProb)
        {
            return "every layer is finite, so it is what follows them: a step with noise, or the base";
        }

        return IsFinite(flow.LogProb(batch, context))
            ? null
            : "every layer is finite, so it is the base density";
    }

    private static bool IsFinite(Tensor x) => x.isfinite().all().item<bool>();
}
