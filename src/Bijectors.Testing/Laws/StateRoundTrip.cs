using TorchSharp;
using static TorchSharp.torch;

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

    protected override Mismatch? Test(Trial trial, Way way, Points points)
    {
        using var grad = no_grad();
        using var fresh = trial.Case.Factory(trial.Case.Seed + 1);
        fresh.to(trial.DType);
        fresh.load_state_dict(trial.Bijector.state_dict());
        var (x, context) = points;
        var (y, logDet) = way.GoWithLogDet(x, context);
        var (loadedY, loadedLogDet) = way.Of(fresh).GoWithLogDet(x, context);
        return Close.Find($"{way.Name}WithLogDet({way.PointName}) of the loaded bijector", y, loadedY, zeros_like(y))
            ?? Close.Find($"{way.Name}WithLogDet({way.PointName}).LogDet of the loaded bijector", logDet, loadedLogDet,
                zeros_like(logDet));
    }
}
