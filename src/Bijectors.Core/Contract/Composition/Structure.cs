namespace Bijectors;

/// <summary>What visitors ask of the stages of a bijector.</summary>
internal static class Structure
{
    /// <summary>
    /// The stages that a direction of a bijector runs; none for a single map, or one that uses a bijector in a formula
    /// of its own.
    /// </summary>
    public static IReadOnlyList<Stage> Of(Bijector f, bool isInverse = false)
    {
        var stages = f.Stages;
        return stages.Any(stage => stage.IsFormula) ? []
            : isInverse ? [.. stages.Reverse().Select(stage => stage.Reversed())]
            : stages;
    }

    /// <summary>The bijector whose inverse this is, and nothing else; null for any other.</summary>
    public static Bijector? InverseOf(Bijector f) =>
        f.Stages is [{ IsInverse: true, IsWhole: true } only] ? only.Children[0] : null;

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
}
