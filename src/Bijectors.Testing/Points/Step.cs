namespace Bijectors.Testing;

/// <summary>
/// One of the bijectors that a composition runs one after another. How much rounding a composition may show follows from its steps: what is ill conditioned in the
/// middle of a chain, as <c>exp</c> before <c>log</c>, cannot be seen in the Jacobian of the whole.
/// </summary>
/// <param name="F">The bijector of the step.</param>
/// <param name="Inverse">True where the composition runs its inverse.</param>
internal readonly record struct Step(Bijector F, bool Inverse)
{
    /// <summary>The steps of a bijector, the one that meets the point first; of what is no composition, the bijector itself.</summary>
    public static IReadOnlyList<Step> Of(Bijector f) => f switch
    {
        Chain chain => [.. chain.Layers.SelectMany(Of)],
        Inverted inverted => [.. Of(inverted.Inner).Reverse().Select(step => step with { Inverse = !step.Inverse })],
        Along along when Of(along.Inner) is { Count: > 1 } steps && steps.All(step => MayRunAlong(step.F)) => [.. steps.Select(step => step with { F = new Along(step.F, along.Axis) })],
        On on when Of(on.Inner) is { Count: > 1 } steps && steps.All(step => KeepsRank(step.F)) => [.. steps.Select(step => step with { F = new On(step.F, on.Part) })],
        _ => [new(f, false)],
    };

    /// <summary>True for what may stand in an <see cref="Along"/>.</summary>
    public static bool MayRunAlong(Bijector f) => f.EventRank <= 1 && KeepsRank(f) && f.Domain is Interval && f.Codomain is Interval;

    /// <summary>True for what may stand in an <see cref="On"/>.</summary>
    public static bool KeepsRank(Bijector f) => f.OutputEventRank == f.EventRank;
}
