namespace Bijectors.Cli;

/// <summary>
/// What each entry of a point has to do with its log-density, against a baseline b:
/// <c>a_i = (x_i - b_i) int_0^1 (d log p / d x_i)(b + t (x - b)) dt</c>, in nats. They add up to
/// <c>log p(x) - log p(b)</c>. Source: Sundararajan, Taly and Yan 2017, Axiomatic Attribution for Deep Networks,
/// arXiv 1703.01365.
/// </summary>
/// <remarks>The integral is taken by Gauss-Legendre rules of four points on equal parts of [0, 1], twice as many for
/// the points whose sum is off by more than the tolerance, up to <see cref="MostParts"/>.</remarks>
internal static class IntegratedGradients
{
    private const double Absolute = 1e-3;
    private const double Relative = 1e-4;
    private const int FewestParts = 4;
    private const int MostParts = 256;

    // The rule of four points on [-1, 1].
    private static readonly (double Node, double Weight)[] s_rule =
    [
        (-0.8611363115940526, 0.3478548451374538), (-0.3399810435848563, 0.6521451548625461),
        (0.3399810435848563, 0.6521451548625461), (0.8611363115940526, 0.3478548451374538),
    ];

    /// <summary>The attributions of points.</summary>
    /// <param name="flow">A flow with an exact density.</param>
    /// <param name="x">Points inside the support, <c>(N, event...)</c>.</param>
    /// <param name="baseline">A baseline for each, of the same shape.</param>
    /// <param name="context">Their contexts; null for none.</param>
    /// <returns>
    /// Attributions <c>(N, event...)</c> and the log-densities of the points and of the baselines, <c>(N)</c>, all
    /// float64.
    /// </returns>
    public static (Tensor Attributions, Tensor OfPoints, Tensor OfBaselines) Of(
        Flow flow, Tensor x, Tensor baseline, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var (ofPoints, ofBaselines) = (LogProb(flow, x, context), LogProb(flow, baseline, context));
        var difference = ofPoints - ofBaselines;
        var attributions = full_like(x, double.NaN, ScalarType.Float64);
        var open = difference.isfinite().nonzero().flatten();
        for (var parts = FewestParts; parts <= MostParts && open.numel() > 0; parts *= 2)
        {
            var ends = (x.index_select(0, open), baseline.index_select(0, open));
            var part = OfParts(flow, ends, context?.index_select(0, open), parts);
            attributions.index_copy_(0, open, part);
            var wanted = difference.index_select(0, open);
            var off = (part.flatten(1).sum(1) - wanted).abs();
            open = open.index_select(0, (off <= Absolute + (Relative * wanted.abs())).logical_not().nonzero().flatten());
        }

        return (attributions.MoveToOuterDisposeScope(), ofPoints.MoveToOuterDisposeScope(),
            ofBaselines.MoveToOuterDisposeScope());
    }

    /// <summary>How far the sum of attributions may be from a difference of log-densities.</summary>
    public static double Tolerance(double difference) => Absolute + (Relative * Math.Abs(difference));

    private static Tensor OfParts(Flow flow, (Tensor X, Tensor Baseline) ends, Tensor? context, int parts)
    {
        using var scope = NewDisposeScope();
        var step = ends.X - ends.Baseline;
        var sum = zeros_like(step, ScalarType.Float64);
        for (var part = 0; part < parts; part++)
        {
            foreach (var (node, weight) in s_rule)
            {
                using var inside = NewDisposeScope();
                var t = (part + ((1 + node) / 2)) / parts;
                var gradient = Gradient(flow, ends.Baseline + (step * t), context);
                sum.add_(gradient.to(ScalarType.Float64) * (weight / 2 / parts));
            }
        }

        return (sum * step.to(ScalarType.Float64)).MoveToOuterDisposeScope();
    }

    private static Tensor Gradient(Flow flow, Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        using var graded = enable_grad();
        var leaf = x.detach().clone().requires_grad_();
        var logProb = flow.LogProb(leaf, context).sum();
        if (logProb.requires_grad)
        {
            BackwardPass.Run(() => autograd.backward([logProb], [ones_like(logProb)], inputs: [leaf]));
        }

        return (leaf.grad is { } score ? score.clone() : zeros_like(x)).MoveToOuterDisposeScope();
    }

    private static Tensor LogProb(Flow flow, Tensor x, Tensor? context)
    {
        using var ungraded = no_grad();
        return flow.LogProb(x, context).to(ScalarType.Float64);
    }
}
