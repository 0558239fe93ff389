namespace Bijectors.Testing;

/// <summary>
/// One of the bijectors that a composition runs one after another. How much rounding a composition may show follows from its steps: what is ill conditioned in the
/// middle of a chain, as <c>exp</c> before <c>log</c>, cannot be seen in the Jacobian of the whole.
/// </summary>
/// <param name="F">The bijector of the step.</param>
/// <param name="Inverse">True where the composition runs its inverse.</param>
internal readonly record struct Stage(Bijector F, bool Inverse)
{
    /// <summary>The steps of a bijector, the one that meets the point first; of what is no composition, the bijector itself.</summary>
    public static IReadOnlyList<Stage> Of(Bijector f) => f switch
    {
        Chain chain => [.. chain.Layers.SelectMany(Of)],
        Inverted inverted => [.. Of(inverted.Inner).Reverse().Select(step => step with { Inverse = !step.Inverse })],
        Along along when Of(along.Inner) is { Count: > 1 } steps && steps.All(step => MayRunAlong(step, along.Axis)) => [.. steps.Select(step => step with { F = new Along(step.F, along.Axis) })],
        On on when Of(on.Inner) is { Count: > 1 } steps && steps.All(KeepsRank) => [.. steps.Select(step => step with { F = new On(step.F, on.Part) })],
        Parallel both when Of(both.First).Count + Of(both.Second).Count > 2 => [.. Of(both.First.On(both.Partition)), .. Of(both.Second.On(both.Partition.Swapped()))],
        _ => [new(f, false)],
    };

    private static bool MayRunAlong(Stage step, int axis) =>
        step.F.EventRank <= 1 && step.F.OutputEventRank == step.F.EventRank && (axis == -1 || step.F is { Domain: Interval, Codomain: Interval });

    private static bool KeepsRank(Stage step) => step.F.OutputEventRank == step.F.EventRank;
}
