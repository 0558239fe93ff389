namespace Bijectors.Testing;

/// <summary>One of the bijectors that a composition runs one after another.</summary>
/// <param name="F">The bijector of the stage.</param>
/// <param name="Inverse">True where the composition runs its inverse.</param>
internal readonly record struct Stage(Bijector F, bool Inverse)
{
    /// <summary>The stages of a bijector, the one that meets the point first; of what is no composition, the bijector itself.</summary>
    public static IReadOnlyList<Stage> Of(Bijector f) => f switch
    {
        Chain chain => [.. chain.Layers.SelectMany(Of)],
        Inverted inverted => [.. Of(inverted.Inner).Reverse().Select(stage => stage with { Inverse = !stage.Inverse })],
        FactorOut { Rest: not Flatten } step => [.. Of(step.WithoutRest()), .. Of(step.OnlyRest())],
        _ => [new(f, false)],
    };
}
