namespace Bijectors.Testing;

/// <summary>The log-det is <c>log|det J|</c> of the Jacobian that automatic differentiation finds in float64.</summary>
internal sealed class LogDet : PointLaw
{
    /// <summary>
    /// Out there the functions that a map is made of need be no better than torch's own: its softplus is x from 20 on,
    /// where e^-20 is missing.
    /// </summary>
    internal const double TorchIsOffBy = 1e-8;

    public override string Statement =>
        "LogDet = log|det J| of the map's autograd Jacobian J, on average where it is estimated, "
        + "for Forward and for Inverse separately, also close to the ends of the domain, and far out";

    public override string UsualCause =>
        "a term is missing, counted once where it is shared by many entries, or of the wrong sign; or the formula "
        + "cancels; or an estimate is biased.";

    protected override IEnumerable<Points> Choose(LawContext lawContext, Direction direction) =>
        [lawContext.PointsOf(direction), lawContext.EdgesOf(direction)];

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        using var grad = no_grad();
        var at = lawContext.Conditioning(direction, points);
        var allowed =
            points.AtEdges ? at.OfLogDet + TorchIsOffBy * (1 + at.LogAbsDet.abs().nan_to_num(0, 0, 0)) : at.OfLogDet;
        var name = $"{direction.Name}WithLogDet({direction.PointName}).LogDet";

        // An average is seen in all points, but the mistakes of edges and of float32 are large.
        return direction.Bijector.HasRandomLogDet
            ? Estimated.Bias(name, direction, points, at.LogAbsDet, allowed, Draws(lawContext, points))
            : Close.Find(name, at.LogAbsDet, direction.ApplyWithLogDet(points.X, points.Context).LogDet, allowed);
    }

    private static int Draws(LawContext lawContext, Points points) =>
        lawContext.DType == ScalarType.Float64 && !points.AtEdges ? Estimated.Draws : Estimated.FewDraws;
}
