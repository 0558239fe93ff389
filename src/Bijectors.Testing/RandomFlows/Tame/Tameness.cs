namespace Bijectors.Testing.RandomFlows;

/// <summary>
/// Whether a flow is well conditioned enough to be judged: numbers that stand for its points go through it and
/// back, from the data and from the base, and must neither leave the range of their dtype nor lose most of their
/// digits on the way.
/// </summary>
internal static class Tameness
{
    // In roundings: in float32, some 1/1000 of a number of size 1.
    private const double MostError = 5e3;

    public static bool Holds(Sequence steps, Shape shape)
    {
        var data = steps.Domains.Select(Probes.Of).Aggregate((a, b) => a.And(b));
        var forward = steps.Forward(data, shape);
        var backward = steps.Backward(Probes.Of((Interval)Domain.Real), shape);
        return Fine(forward) && Fine(backward)
            && Kept(steps.Backward(forward, shape)) && Kept(steps.Forward(backward, shape))
            && Fine(steps.Backward(forward.Wider(), shape)) && Fine(steps.Forward(backward.Wider(), shape));
    }

    /// <summary>Numbers that can be computed with.</summary>
    public static bool Fine(Probes probes) =>
        probes.Near.All(p => Math.Abs(p.Value) < 1e6 && p.Error < 1e12)
        && probes.Far32.All(p => Math.Abs(p.Value) < 1e15) && probes.Far64.All(p => Math.Abs(p.Value) < 1e40);

    private static bool Kept(Probes probes) =>
        Fine(probes) && probes.Near.All(p => p.Error < MostError * (1 + Math.Abs(p.Value)));
}
