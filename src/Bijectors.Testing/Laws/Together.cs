namespace Bijectors.Testing;

/// <summary>
/// Value and log-slope are the same whether they are asked for at once or one by one. A law of primitives only.
/// </summary>
internal sealed class Together : PointLaw
{
    public override string Statement =>
        "a method that gives value and log-slope at once gives those of the methods for one of them";

    public override string UsualCause =>
        "log|dx/dy| in place of log|dy/dx| on the way back, or a formula that was changed in one of the methods only.";

    public override IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float64];

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        using var grad = no_grad();
        var map = (PrimitiveMap)lawContext.Bijector;
        var inverse = direction.Name == nameof(Bijector.Inverse);
        if (map.Together(points.X, inverse) is not var (value, logSlope))
        {
            return null;
        }

        // The slope of the inverse belongs to x, which is not known better than the map allows.
        var allowed = lawContext.Conditioning(direction, points);
        var expected = direction.Apply(points.X, points.Context);
        var expectedSlope = map.LogSlope(inverse ? expected : points.X).expand_as(points.X);
        return Close.Find($"the value of {map} with its log-slope", expected, value, allowed.OfMap)
            ?? Close.Find(
                $"the log-slope of {map} with its value, {direction.Name}", expectedSlope, logSlope.expand_as(points.X),
                allowed.OfLogDet.reshape(-1, 1, 1).expand_as(points.X));
    }
}
