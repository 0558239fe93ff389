using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>A call depends on its arguments only, and changes nothing.</summary>
internal sealed class Deterministic : PointLaw
{
    public override string Statement =>
        "two calls give the same bits; no call changes parameters, buffers or the global random number generator";

    public override string UsualCause =>
        "dropout or batch statistics inside a conditioner, a cache, or random numbers drawn during a call.";

    public override IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float32];

    protected override Mismatch? Test(Trial trial, Way way, Points points)
    {
        using var grad = no_grad();
        var (x, context) = points;
        using var chance = get_rng_state();
        var state = trial.Bijector.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        var first = Call(way, points);
        var second = Call(way, points);
        using var chanceAfter = get_rng_state();
        return Same($"a second {way.Name}({way.PointName})", first[0], second[0])
            ?? Same($"a second {way.Name}WithLogDet({way.PointName})", first[1], second[1])
            ?? Same($"a second {way.Name}WithLogDet({way.PointName}).LogDet", first[2], second[2])
            ?? trial.Bijector.state_dict()
                .Select(entry => Same($"'{entry.Key}' after {way.Name}({way.PointName})", state[entry.Key], entry.Value))
                .FirstOrDefault(changed => changed is not null)
            ?? (chance.equal(chanceAfter).all().item<bool>()
                ? null
                : new($"the global random number generator after {way.Name}({way.PointName})", "the state it was in", "another state"));
    }

    private static Tensor[] Call(Way way, Points points)
    {
        var (y, logDet) = way.GoWithLogDet(points.X, points.Context);
        return [way.Go(points.X, points.Context), y, logDet];
    }

    private static Mismatch? Same(string what, Tensor before, Tensor after) => Close.Find(what, before, after, zeros_like(before));
}
