namespace Bijectors.Testing;

/// <summary>Close to the ends of the domain, far out, and at whole numbers, the results are still finite.</summary>
internal sealed class FiniteAtEdges : PointLaw
{
    public override string Statement =>
        "close to the ends of the domain, far out where it has none, and at 0, 1 and -1, results and log-dets are "
        + "finite, and their gradients no NaN";

    public override string UsualCause =>
        "a formula that overflows or cancels where another form does not: log(1 + exp(x)) for softplus(x), "
        + "log(1 - tanh(x)^2); "
        + "or where() over a branch that is not finite, whose gradient is NaN: clip what goes into the branch.";

    protected override IEnumerable<Points> Choose(LawContext lawContext, Direction direction) =>
        [lawContext.EdgesOf(direction), lawContext.WholeOf(direction)];

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        using var grad = no_grad();
        var (y, logDet) = direction.ApplyWithLogDet(points.X, points.Context);
        var name = $"{direction.Name}WithLogDet({direction.PointName})";
        return Bad(name, "finite numbers", y, ~y.isfinite())
            ?? Bad($"{name}.LogDet", "finite numbers", logDet, ~logDet.isfinite())
            ?? Gradients(name, direction, points);
    }

    /// <summary>A slope may be too large for the dtype; NaN is never one.</summary>
    private static Mismatch? Gradients(string name, Direction direction, Points points)
    {
        using var grad = enable_grad();
        var leaf = points.X.detach().clone().requires_grad_();
        var (y, logDet) = direction.ApplyWithLogDet(leaf, points.Context);
        var (ofY, ofLogDet) = (Jacobians.Gradient(y.sum(), leaf), Jacobians.Gradient(logDet.sum(), leaf));
        return Bad($"the gradient of {name}", "no NaN", ofY, ofY.isnan())
            ?? Bad($"the gradient of {name}.LogDet", "no NaN", ofLogDet, ofLogDet.isnan());
    }

    private static Mismatch? Bad(string what, string expected, Tensor result, Tensor isBad)
    {
        var bad = isBad.flatten();
        if (!bad.any().item<bool>())
        {
            return null;
        }

        var value = result.flatten()[bad.to(ScalarType.Int32).argmax()].to(ScalarType.Float64).item<double>();
        return new(what, expected, Points.Write(value));
    }
}
