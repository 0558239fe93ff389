using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The parameters of a layer that are the same for all points: trained numbers, and what a network that reads the
/// context alone adds to them.
/// </summary>
public static class ContextParameters
{
    // What such a network reads beside the context: an event without entries.
    private static readonly Shape s_nothing = Shape.OfPart([0]);

    /// <summary>Checks that a network reads the context alone and gives so many numbers for each one.</summary>
    /// <param name="whose">The layer, for messages.</param>
    /// <param name="net">The network; null for none, which is fine.</param>
    /// <param name="count">How many numbers it must give.</param>
    /// <exception cref="ArgumentException">It takes no context.</exception>
    /// <exception cref="ShapeException">It reads something else, or gives another number of features.</exception>
    public static void Check(string whose, Conditioner? net, long count)
    {
        if (net is null)
        {
            return;
        }

        net.CheckLayers();
        if (net.ContextSize == 0)
        {
            throw new ArgumentException(
                $"{whose}: expected a network that reads the context, got one that takes none.", nameof(net));
        }

        var output = net.OutputShape(s_nothing);
        if (output != Shape.Vector(count))
        {
            throw new ShapeException(whose, $"expected a network that gives {count} parameters", $"got {output}");
        }
    }

    /// <summary><c>theta</c>, or <c>theta + net(context)</c>.</summary>
    /// <param name="theta">The trained numbers, <c>(sizes...)</c>.</param>
    /// <param name="net">The network, which gives as many; null for none.</param>
    /// <param name="points">The sizes <c>(leading..., event...)</c> of the points.</param>
    /// <param name="eventRank">How many last dimensions of these are one event.</param>
    /// <param name="context">As for <see cref="Conditioner.Evaluate"/>.</param>
    /// <returns>A fresh tensor <c>(sizes...)</c>, or <c>(leading..., sizes...)</c>.</returns>
    public static Tensor Of(Tensor theta, Conditioner? net, long[] points, int eventRank, Tensor? context)
    {
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(points);
        if (net is null)
        {
            // A copy: torch does not let parameters change under the views that are taken of them.
            return theta.clone();
        }

        var leading = points[..^eventRank];
        using var nothing = empty([.. leading, 0], theta.dtype, theta.device);
        using var added = net.Raw(nothing, context);
        using var shaped = added.reshape([.. leading, .. theta.shape]);
        return theta + shaped;
    }

    /// <summary>The shape of vectors, where they have so many entries.</summary>
    /// <param name="whose">The layer, for messages.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="size">How many entries.</param>
    /// <exception cref="ShapeException">It is not.</exception>
    public static Shape CheckSize(Bijector whose, Shape shape, long size) => shape == Shape.Vector(size)
        ? shape
        : throw new ShapeException($"{whose}", $"expected last dimension {size}", $"got {shape[-1]}");
}
