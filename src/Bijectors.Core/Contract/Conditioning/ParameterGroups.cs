using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>How the output of a network is taken apart into groups of parameters along its features.</summary>
public static class ParameterGroups
{
    /// <summary>Two groups of one parameter for each feature.</summary>
    /// <exception cref="ShapeException">The number of features is odd.</exception>
    public static (Tensor First, Tensor Second) Halves(Conditioner whose, Tensor output, int axis)
    {
        var features = output.size(axis);
        if (features % 2 != 0)
        {
            throw new ShapeException(
                whose.GetType().Name,
                "expected an even number of output features, a log-scale and a shift for each",
                $"got {features}");
        }

        // One node with two results: two views would each carry a whole gradient back, to be added up.
        var parts = output.split([features / 2, features / 2], axis);
        return (parts[0], parts[1]);
    }

    /// <summary>Groups of any sizes.</summary>
    /// <param name="whose">The network, for messages.</param>
    /// <param name="output">What it gave.</param>
    /// <param name="axis">Where the features stand.</param>
    /// <param name="sizes">How many parameters each group has for each feature.</param>
    /// <param name="keepOne">Whether groups of size 1 have a dimension for it too.</param>
    /// <exception cref="ShapeException">The features cannot be taken apart so.</exception>
    public static Tensor[] Split(Conditioner whose, Tensor output, int axis, int[] sizes, bool keepOne)
    {
        long each = sizes.Sum();
        var features = output.size(axis);
        if (sizes.Length == 0 || sizes.Any(size => size < 0) || each == 0 || features % each != 0)
        {
            throw new ShapeException(
                whose.GetType().Name,
                $"expected {string.Join(" + ", sizes)} output features for each mapped one, along dimension {axis}",
                $"got {features} in all");
        }

        using var scope = NewDisposeScope();
        var mapped = features / each;
        var parts = sizes.Length == 1 ? [output] : output.split([.. sizes.Select(size => size * mapped)], axis);
        return [.. parts.Zip(sizes, (part, size) =>
            (size == 1 && !keepOne ? part.alias() : SideBySide(part, axis, mapped, size)).MoveToOuterDisposeScope())];
    }

    /// <summary>The parameters of each feature in a last dimension, where the first parameters of all features come
    /// first.</summary>
    /// <exception cref="ShapeException">The features cannot be taken apart so.</exception>
    public static Tensor Stacked(Conditioner whose, Tensor output, int axis, int count)
    {
        var features = output.size(axis);
        if (features % count != 0)
        {
            throw new ShapeException(
                whose.GetType().Name, $"expected {count} output features for each feature, along dimension {axis}",
                $"got {features} in all");
        }

        using var scope = NewDisposeScope();
        var at = (int)output.dim() + axis;
        var groups = output.reshape([.. output.shape[..at], count, features / count, .. output.shape[(at + 1)..]]);
        return groups.movedim([at], [-1]).MoveToOuterDisposeScope();
    }

    /// <summary>The parameters of a feature, which lie side by side along its axis, in a dimension of their
    /// own.</summary>
    private static Tensor SideBySide(Tensor part, int axis, long mapped, int size)
    {
        var at = part.dim() + axis;
        var table = part.reshape([.. part.shape[..(int)at], mapped, size, .. part.shape[(int)(at + 1)..]]);
        return axis == -1 ? table : table.movedim([at + 1], [-1]);
    }
}
