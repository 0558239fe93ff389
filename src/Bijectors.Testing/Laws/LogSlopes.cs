namespace Bijectors.Testing;

/// <summary>The log-slope is right for each entry, not only in the sum. A law of primitives only.</summary>
internal sealed class LogSlopes : PointLaw
{
    public override string Statement => "the log-slope of each entry is log|dy/dx| by autograd";

    public override string UsualCause =>
        "a wrong sign, a factor that was forgotten, or a slope in terms of y where x is given.";

    public override IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float64];

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        // The twin knows the slope at x only; LogDet tests the inverse.
        if (direction.Name != nameof(Bijector.Forward))
        {
            return null;
        }

        using var grad = no_grad();
        var map = (PrimitiveMap)lawContext.Bijector;
        var jacobian = Jacobians.Of(x => direction.Apply(x, points.Context), points.X, PrimitiveMap.Event.Rank);
        var expected = jacobian.diagonal(0, 1, 2).abs().log().reshape(points.X.shape);
        var got = map.LogSlope(points.X).expand_as(points.X);
        var allowed = lawContext.Conditioning(direction, points).OfLogDet.reshape(-1, 1, 1).expand_as(points.X);
        return Close.Find($"the log-slope of {map} at x", expected, got, allowed);
    }
}
