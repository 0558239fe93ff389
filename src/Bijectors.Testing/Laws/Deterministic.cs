namespace Bijectors.Testing;

/// <summary>A call depends on its arguments only, and changes nothing.</summary>
internal sealed class Deterministic : PointLaw
{
    // The generator belongs to the process, and this law moves it for a moment.
    private static readonly object s_generator = new();

    public override string Statement =>
        "two calls give the same bits, of an estimated log-det from the same state of its generators; "
        + "no call changes parameters, buffers, modes or the global random number generator";

    public override string UsualCause =>
        "dropout or batch statistics inside a conditioner, a cache, random numbers drawn or a seed set during a call, "
        + "or a layer that is set up by its first call.";

    public override IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float32, ScalarType.Float64];

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        using var grad = no_grad();
        var call = $"{direction.Name}({direction.PointName})";
        var dtype = get_default_dtype();
        return Twice(direction, points, string.Empty)
            ?? Recorded(direction, points)
            ?? lawContext.ModuleSnapshot.Changed(lawContext.Bijector, call)
            ?? (is_grad_enabled() ? new Mismatch($"whether gradients are recorded after {call}", "no", "yes") : null)
            ?? (get_default_dtype() != dtype
                ? new Mismatch($"the default dtype after {call}", $"{dtype}", $"{get_default_dtype()}") : null)
            ?? (DrawsFromGlobalGenerator(direction, points)
                ? new($"the global random number generator after {call}", "the state it was in", "another state")
                : null);
    }

    private static Mismatch? Twice(Direction direction, Points points, string mode)
    {
        var first = Answers.Of(direction, points);
        return first.Find(Answers.Of(direction, points), direction, zeros_like(first.Map), zeros_like(first.LogDet),
            call => $"a second {call}{mode}");
    }

    private static Mismatch? Recorded(Direction direction, Points points)
    {
        using var grad = enable_grad();
        return Twice(direction, points, " where gradients are recorded");
    }

    /// <summary>Whether every call moves the global generator.</summary>
    /// <remarks>
    /// The generator belongs to the process: another test that runs at the same time and makes a layer moves it too. So
    /// one call that leaves it alone is proof enough, and calls are repeated, further and further apart, until one does
    /// or an eighth of a second has gone by. Before each it is in a new state, so that one who sets a seed changes it;
    /// afterwards it is in the one it was in.
    /// </remarks>
    private static bool DrawsFromGlobalGenerator(Direction direction, Points points)
    {
        for (var attempt = 0; attempt < 8; attempt++)
        {
            if (attempt > 0)
            {
                Thread.Sleep(1 << (attempt - 1));
            }

            lock (s_generator)
            {
                using var scope = NewDisposeScope();
                var found = get_rng_state();
                rand(1);
                var before = get_rng_state();
                Answers.Of(direction, points);
                var moved = !before.equal(get_rng_state()).all().item<bool>();
                set_rng_state(found);
                if (!moved)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
