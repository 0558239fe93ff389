using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>What visitors ask of the stages of a bijector.</summary>
internal static class Structure
{
    /// <summary>
    /// The stages that a direction of a bijector runs; none for a map by itself, or one that uses a bijector in a
    /// formula of its own.
    /// </summary>
    public static IReadOnlyList<Stage> Of(Bijector f, bool isInverse = false)
    {
        var stages = f.Stages;
        return stages.Any(stage => stage.IsFormula) ? []
            : isInverse ? [.. stages.Reverse().Select(stage => stage.Reversed())]
            : stages;
    }

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
            || (InverseOf(g) is null && g.Stages is { Count: > 0 } stages && stages.All(stage => stage.IsWhole)));

    /// <summary>The bijector whose inverse this is, and nothing else; null for any other.</summary>
    public static Bijector? InverseOf(Bijector f) =>
        f.Stages is [{ IsInverse: true, IsWhole: true } only] ? only.Children[0] : null;

    /// <summary>Whether it moves elements and computes nothing.</summary>
    public static bool OnlyMoves(Bijector f) => f is IRearrangement
        || (Of(f) is { Count: > 0 } stages
            && stages.All(stage => stage.Children.All(child => child is null || OnlyMoves(child))));

    /// <summary>Whether it does nothing.</summary>
    public static bool IsIdentity(Bijector f) => f is IRearrangement { IsIdentity: true };

    /// <summary>The axis that all stages of a bijector have in common; null where they have none.</summary>
    public static int? AffineAxis(Bijector f)
    {
        int? common = null;
        foreach (var stage in Of(f))
        {
            if (stage.Children is not [{ AffineAxis: { } inside }]
                || stage.From.AffineAxis(inside) is not { } axis
                || (common ?? axis) != axis)
            {
                return null;
            }

            common = axis;
        }

        return common;
    }

    /// <summary>
    /// A frozen copy of a composite that overrides nothing: the chain of its frozen stages; null where one of them
    /// does not take the whole point.
    /// </summary>
    public static Bijector? Frozen(Bijector f, Shape input, ScalarType dtype)
    {
        var stages = f.Stages;
        if (stages.Count == 0 || !stages.All(stage => stage.IsWhole))
        {
            return null;
        }

        var frozen = new List<Bijector>();
        foreach (var stage in stages)
        {
            var output = stage.OutputShape(input);
            var copy = stage.Children[0]!.FrozenCore(stage.IsInverse ? output : input, dtype);
            frozen.Add(stage.IsInverse ? Inverted.Of(copy) : copy);
            input = output;
        }

        return Chain.Of([.. frozen]);
    }

    private static IReadOnlyList<Bijector> Layers(Bijector f, Func<Bijector, bool> opens)
    {
        ArgumentNullException.ThrowIfNull(f);
        var layers = new List<Bijector>();
        if (opens(f))
        {
            Add(layers, f, opens);
        }
        else if (InverseOf(f) is { } inner && opens(inner))
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

            layers.AddRange(Layers(stage.Layer(), opens));
        }
    }
}
