namespace Bijectors.Cli;

/// <summary>
/// What each entry of a point has to do with its log-density, against a baseline b:
/// <c>a_i = (x_i - b_i) int_0^1 (d log p / d x_i)(b + t (x - b)) dt</c>, in nats, which add up to
/// <c>log p(x) - log p(b)</c>. Source: Sundararajan, Taly and Yan 2017, Axiomatic Attribution for Deep Networks,
/// arXiv 1703.01365, eq. 1.
/// </summary>
/// <remarks>
/// The integral is taken by the trapezoidal rule on equal parts. Networks of rectifiers make the
/// gradient jump, so that no rule is exact; but the change of the log-density over a part is known, and what the rule
/// misses of it is shared among the entries in proportion to the size of their contributions there. So the sum is right
/// for any number of parts.
/// </remarks>
internal static class IntegratedGradients
{
    /// <summary>The attributions of points.</summary>
    /// <param name="flow">A flow with an exact density.</param>
    /// <param name="x">Points, <c>(N, event...)</c>.</param>
    /// <param name="baseline">A baseline for each, of the same shape.</param>
    /// <param name="context">Their contexts; null for none.</param>
    /// <param name="parts">Into how many parts the way from the baseline to a point is cut.</param>
    /// <returns>
    /// Attributions <c>(N, D)</c>, the log-densities of the baselines <c>(N)</c>, and how much was missed and shared of
    /// each point, in all, <c>(N)</c>; in float64, NaN where the way leaves the support.
    /// </returns>
    public static (Tensor Values, Tensor OfBaselines, Tensor Missed) Of(
        Flow flow, Tensor x, Tensor baseline, Tensor? context, int parts)
    {
        using var scope = NewDisposeScope();
        var way = x - baseline;
        var step = way.flatten(1).to(ScalarType.Float64) / parts;
        var (logProb, gradient) = At(flow, baseline, context);
        var ofBaselines = logProb;
        var values = zeros_like(step);
        var missed = zeros_like(logProb);
        for (var part = 1; part <= parts; part++)
        {
            // The last one at the point itself, not where rounding puts it.
            var (next, slope) = At(flow, part == parts ? x : baseline + (way * ((double)part / parts)), context);
            using var inside = NewDisposeScope();
            var each = (gradient + slope) / 2 * step;
            var rest = next - logProb - each.sum(1);
            var size = each.abs();
            var all = size.sum(1, keepdim: true);
            var share = where(all > 0, size / all, 1.0 / step.shape[1]);
            values.add_(each + (rest.unsqueeze(1) * share));
            missed.add_(rest.abs());
            (logProb, gradient) = (next, slope);
        }

        return (values.MoveToOuterDisposeScope(), ofBaselines.MoveToOuterDisposeScope(),
            missed.MoveToOuterDisposeScope());
    }

    /// <summary>The log-density <c>(N)</c> and its gradient <c>(N, D)</c>, in float64.</summary>
    private static (Tensor LogProb, Tensor Gradient) At(Flow flow, Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        using var graded = enable_grad();
        var leaf = x.detach().clone().requires_grad_();
        var logProb = flow.LogProb(leaf, context);
        if (logProb.requires_grad)
        {
            BackwardPass.Run(() => autograd.backward([logProb], [ones_like(logProb)], inputs: [leaf]));
        }

        var gradient = leaf.grad is { } score ? score.flatten(1) : zeros_like(leaf.detach()).flatten(1);
        return (logProb.detach().to(ScalarType.Float64, copy: true).MoveToOuterDisposeScope(),
            gradient.to(ScalarType.Float64, copy: true).MoveToOuterDisposeScope());
    }
}
