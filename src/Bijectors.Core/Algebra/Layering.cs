namespace Bijectors;

/// <summary>The bijectors of which another one is the chain.</summary>
internal static class Layering
{
    /// <summary>
    /// The bijectors that one is in a chain: those of its stages where it is a sequence, or the inverse of one; else
    /// itself.
    /// </summary>
    /// <exception cref="InvalidOperationException">A sequence has a stage that does not take the whole
    /// point.</exception>
    public static IReadOnlyList<Bijector> Layers(Bijector f) => Layers(f, g => g.IsSequence);

    /// <summary>
    /// The bijectors that one is in a frozen chain, whose names need not last: also those of composites that are not
    /// sequences by name.
    /// </summary>
    public static IReadOnlyList<Bijector> FrozenLayers(Bijector f) => Layers(
        f, g => g.IsSequence
            || (Structure.InverseOf(g) is null && g.Stages is { Count: > 0 } stages
                && stages.All(stage => stage.IsWhole)));

    /// <summary>Whether it moves elements and computes nothing.</summary>
    public static bool OnlyMoves(Bijector f) => f is IRearrangement
        || (Structure.Of(f) is { Count: > 0 } stages
            && stages.All(stage => stage.Children.All(child => child is null || OnlyMoves(child))));

    /// <summary>Whether it does nothing.</summary>
    public static bool IsIdentity(Bijector f) => f is IRearrangement { IsIdentity: true };

    private static IReadOnlyList<Bijector> Layers(Bijector f, Func<Bijector, bool> opens)
    {
        ArgumentNullException.ThrowIfNull(f);
        var layers = new List<Bijector>();
        if (opens(f))
        {
            Add(layers, f, opens);
        }
        else if (Structure.InverseOf(f) is { } inner && opens(inner))
        {
            Add(layers, inner, opens);
            layers.Reverse();
            return [.. layers.SelectMany(layer => Layers(Inverted.Of(layer), opens))];
        }
        else
        {
            layers.Add(f);
        }

        return layers;
    }

    private static void Add(List<Bijector> layers, Bijector composite, Func<Bijector, bool> opens)
    {
        Nesting.CheckStack(composite);
        foreach (var stage in composite.Stages)
        {
            if (!stage.IsWhole)
            {
                throw new InvalidOperationException(
                    $"{composite}: expected stages that take the whole point, since IsSequence is true, "
                    + $"got one of {stage.From}; leave IsSequence false.");
            }

            layers.AddRange(Layers(Layer(stage), opens));
        }
    }

    private static Bijector Layer(Stage stage) =>
        stage.IsInverse ? Inverted.Of(stage.Children[0]!) : stage.Children[0]!;
}
