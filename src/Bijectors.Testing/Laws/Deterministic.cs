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
        var state = trial.Bijector.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        var first = Call(way, points);
        var second = Call(way, points);
        return Same($"a second {way.Name}({way.PointName})", first[0], second[0])
            ?? Same($"a second {way.Name}WithLogDet({way.PointName})", first[1], second[1])
            ?? Same($"a second {way.Name}WithLogDet({way.PointName}).LogDet", first[2], second[2])
            ?? trial.Bijector.state_dict()
                .Select(entry => Same($"'{entry.Key}' after {way.Name}({way.PointName})", state[entry.Key], entry.Value))
                .FirstOrDefault(changed => changed is not null)
            ?? (DrawsFromGlobalGenerator(way, points)
                ? new($"the global random number generator after {way.Name}({way.PointName})", "the state it was in", "another state")
                : null);
    }

    /// <summary>Whether every call moves the global generator.</summary>
    /// <remarks>
    /// The generator belongs to the process: another test that runs at the same time and makes a layer moves it too. So one call that leaves it alone is
    /// proof enough, and calls are repeated, further and further apart, until one does or an eighth of a second has gone by.
    /// </remarks>
    private static bool DrawsFromGlobalGenerator(Way way, Points points)
    {
        for (var attempt = 0; attempt < 8; attempt++)
        {
            if (attempt > 0)
            {
                Thread.Sleep(1 << (attempt - 1));
            }

            using var scope = NewDisposeScope();
            var before = get_rng_state();
            Call(way, points);
            if (before.equal(get_rng_state()).all().item<bool>())
            {
                return false;
            }
        }

        return true;
    }

    private static Tensor[] Call(Way way, Points points)
    {
        var (y, logDet) = way.GoWithLogDet(points.X, points.Context);
        return [way.Go(points.X, points.Context), y, logDet];
    }

    private static Mismatch? Same(string what, Tensor before, Tensor after) => Close.Find(what, before, after, zeros_like(before));
}
