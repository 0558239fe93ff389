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
