using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Networks that read a context alone, and give the parameters of a distribution.</summary>
public static class ContextNetwork
{
    /// <summary>Checks that a network reads contexts of a shape and gives vectors of so many features.</summary>
    /// <param name="whose">The distribution, for messages.</param>
    /// <param name="network">The network.</param>
    /// <param name="contextShape">The shape of one context.</param>
    /// <param name="features">How many features it must give.</param>
    /// <exception cref="ArgumentException">It takes a further context.</exception>
    /// <exception cref="ShapeException">It reads another shape, or gives another one.</exception>
    public static void Check(string whose, Conditioner network, Shape contextShape, long features)
    {
        if (network.ContextSize != 0)
        {
            throw new ArgumentException(
                $"{whose}: expected a network that reads the context as its input and takes no other, got one with a "
                + $"context of size {network.ContextSize}.",
                nameof(network));
        }

        var output = network.OutputShape(contextShape);
        if (output != Shape.Vector(features))
        {
            throw new ShapeException(
                whose,
                $"expected a network that gives vectors of {features} features for each context", $"got {output}");
        }
    }

    /// <summary>
    /// Checks that a network reads contexts of a shape and gives so many groups of parameters for each element of an
    /// event: as a vector, group after group, or in the shape of the event with so many times the features, as in a
    /// coupling.
    /// </summary>
    /// <param name="whose">The distribution, for messages.</param>
    /// <param name="network">The network.</param>
    /// <param name="contextShape">The shape of one context.</param>
    /// <param name="shape">The event shape.</param>
    /// <param name="groups">How many parameters it must give for each element.</param>
    /// <exception cref="ArgumentException">It takes a further context.</exception>
    /// <exception cref="ShapeException">It reads another shape, or gives another one.</exception>
    public static void Check(string whose, Conditioner network, Shape contextShape, Shape shape, int groups)
    {
        ArgumentNullException.ThrowIfNull(network);
        var axis = network.FeatureAxis;
        var isLikeEvent = shape.Rank >= -axis
            && network.OutputShape(contextShape) == shape.With(axis, groups * shape[axis]);
        if (network.ContextSize != 0 || !isLikeEvent)
        {
            Check(whose, network, contextShape, groups * shape.Size);
        }
    }

    /// <summary>
    /// The groups of parameters that a network gives, each as <c>(leading..., 1..., event...)</c>: see <see
    /// cref="Lined"/>.
    /// </summary>
    /// <param name="network">The network, as checked.</param>
    /// <param name="context">Contexts <c>(leading..., context...)</c>.</param>
    /// <param name="contextShape">The shape of one context.</param>
    /// <param name="shape">The event shape.</param>
    /// <param name="groups">How many parameters it gives for each element.</param>
    /// <param name="dimensions">How many dimensions the points have.</param>
    public static Tensor[] Groups(
        Conditioner network, Tensor context, Shape contextShape, Shape shape, int groups, int dimensions)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = NewDisposeScope();
        var output = network.Evaluate(context, null);
        var rank = network.OutputShape(contextShape).Rank;
        var axis = rank == 1 ? -1 : network.FeatureAxis;
        var size = output.size(axis) / groups;

        // One node with several results: views would each carry a whole gradient back, to be added up.
        var parts = groups == 1 ? [output] : output.split([.. Enumerable.Repeat(size, groups)], axis);
        return [.. parts.Select(part =>
            Lined(part.flatten(part.dim() - rank), shape, dimensions).MoveToOuterDisposeScope())];
    }

    /// <summary>
    /// Parameters <c>(leading..., features)</c> as <c>(leading..., 1..., event...)</c>: they stand under the first
    /// dimensions of a batch.
    /// </summary>
    /// <param name="parameters">What the network gives.</param>
    /// <param name="shape">The event shape.</param>
    /// <param name="dimensions">How many dimensions the points have.</param>
    public static Tensor Lined(Tensor parameters, Shape shape, int dimensions)
    {
        var leading = parameters.shape[..^1];
        var missing = dimensions - shape.Rank - leading.Length;
        return parameters.reshape([.. leading, .. Enumerable.Repeat(1L, missing), .. shape.ToArray()]);
    }
}
