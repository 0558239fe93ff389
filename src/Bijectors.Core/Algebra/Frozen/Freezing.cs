using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Makes one layer of neighbouring ones that are affine with a constant Jacobian: scales and shifts of elements become
/// one, and what stands beside a matrix along an axis (further matrices, permutations, scales of its entries) becomes
/// part of it. Where there is no matrix, a permutation remains a lookup.
/// </summary>
public static class Freezing
{
    /// <summary>
    /// <c>W (s x + t) = (W s) x + W t</c> loses the digits of x that <c>s x + t</c> cancels: t may be this many times
    /// what is left, which layers that normalise make about 1. Beyond, the scale and shift remains a layer of its own.
    /// </summary>
    internal const double LargestShift = 16;

    /// <summary>A frozen bijector with its neighbouring affine layers merged.</summary>
    /// <param name="frozen">A copy: layers of it that are merged are disposed.</param>
    /// <param name="input">The event shape that goes in.</param>
    /// <param name="dtype">The dtype of the constants.</param>
    public static Bijector Merge(Bijector frozen, Shape input, ScalarType dtype)
    {
        var runs = new List<Run>();
        foreach (var layer in Layering.FrozenLayers(frozen))
        {
            // Asked before the layer becomes part of another, which disposes what it holds.
            var output = layer.OutputShape(input);
            Push(runs, Begin(layer, input));
            input = output;
        }

        return Chain.Of([.. runs.Select(run => run.Merged(dtype))]);
    }

    /// <summary>
    /// The layers of a frozen copy before any of them are merged, for a composite that hands some of them on to its
    /// neighbours.
    /// </summary>
    /// <param name="f">The bijector to copy.</param>
    /// <param name="input">The event shape that goes in.</param>
    /// <param name="dtype">The dtype of the constants.</param>
    public static IReadOnlyList<Bijector> Layers(Bijector f, Shape input, ScalarType dtype)
    {
        ArgumentNullException.ThrowIfNull(f);
        return Layering.FrozenLayers(f.FrozenCore(input, dtype));
    }

    /// <summary>The layers that one map stands for.</summary>
    internal static string Name(IEnumerable<Bijector> layers) => string.Join(
        " >> ",
        layers.Select(layer => layer.Stages is [{ IsWhole: false, IsInverse: false, Children: [{ } child] } only]
            ? $"{child}.{only.From}"
            : layer.ToString()));

    /// <summary>
    /// A frozen copy of a composite that overrides nothing: the chain of its frozen stages; null where one of them
    /// does not take the whole point.
    /// </summary>
    internal static Bijector? OfStages(Bijector f, Shape input, ScalarType dtype)
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

    private static Run Begin(Bijector layer, Shape input)
    {
        if (layer.AffineAxis is not { } axis)
        {
            return new OtherRun(layer);
        }

        // Copies, all of them, except those that hold nothing and do not change here.
        layer.to(ScalarType.Float64).to(CPU);
        return axis == 0
            ? new ElementsRun([layer], input)
            : new VectorsRun([layer], input[axis], axis, HasMatrix: !Layering.OnlyMoves(layer));
    }

    private static void Push(List<Run> done, Run next)
    {
        if (done.Count > 0 && done[^1].Then(next) is { } merged)
        {
            done.RemoveAt(done.Count - 1);
            Push(done, merged);
            return;
        }

        done.Add(next);
    }
}
