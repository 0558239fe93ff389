namespace Bijectors.Testing;

/// <summary>The state dictionary is all there is to a trained bijector.</summary>
internal sealed class StateRoundTrip : PointLaw
{
    public override string Statement =>
        "a new bijector from the factory, with another seed, that loads the state dictionary is the same map";

    public override string UsualCause =>
        "a parameter or a random choice (a permutation, a mask) in a field that is not a "
        + "registered parameter or buffer.";

    public override IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float32];

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        using var grad = no_grad();
        using var fresh = lawContext.Case.Factory(lawContext.Case.Seed + 1);
        fresh.to(lawContext.DType);
        fresh.load_state_dict(lawContext.Bijector.state_dict());
        var (x, context) = points;
        var (y, logDet) = direction.ApplyWithLogDet(x, context);
        var (loadedY, loadedLogDet) = direction.Of(fresh).ApplyWithLogDet(x, context);
        return Close.Find(
            $"{direction.Name}WithLogDet({direction.PointName}) of the loaded bijector", y, loadedY, zeros_like(y))
            ?? Close.Find($"{direction.Name}WithLogDet({direction.PointName}).LogDet of the loaded bijector", logDet,
                loadedLogDet, zeros_like(logDet));
    }
}
