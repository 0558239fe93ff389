using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// What a distribution inside a stochastic layer is conditioned on: a point, in its own shape or as a vector, and,
/// where the layer has a context and the distribution takes a larger vector, the context behind it.
/// </summary>
internal static class GivenPoint
{
    /// <summary>Checks that a distribution takes no context, or such a one.</summary>
    /// <param name="whose">The layer, for messages.</param>
    /// <param name="p">The distribution.</param>
    /// <param name="what">What the point is, for messages.</param>
    /// <param name="point">The shape of the point.</param>
    /// <param name="contextShape">The shape <c>(C)</c> of the layer's context; null for none.</param>
    /// <param name="isContextRead">Whether the distribution must read the context where there is one.</param>
    /// <exception cref="ShapeException">It takes another one.</exception>
    public static void Check(
        string whose, Distribution p, string what, Shape point, Shape? contextShape, bool isContextRead = false)
    {
        var all = Shape.Vector(point.Size + (contextShape?.Size ?? 0));
        if (p.ContextShape is not { } read || read == all)
        {
            return;
        }

        if ((contextShape is not null && isContextRead) || (read != point && read != Shape.Vector(point.Size)))
        {
            throw new ShapeException(
                whose, $"expected a distribution that takes {what} as a context {all}", $"got {read}");
        }
    }

    /// <summary>Whether a distribution reads the context of its layer.</summary>
    public static bool ReadsContext(Distribution p, Shape point, Shape contextShape) =>
        p.ContextShape == Shape.Vector(point.Size + contextShape.Size);

    /// <summary>The context of a distribution.</summary>
    /// <param name="p">The distribution.</param>
    /// <param name="x">Points, <c>(batch..., point...)</c>.</param>
    /// <param name="point">The shape of one point.</param>
    /// <param name="context">The layer's contexts; their leading dimensions are the first of the batch, or 1.</param>
    /// <param name="contextShape">The shape of one of them; null for none.</param>
    /// <returns>A fresh tensor; null where the distribution takes none.</returns>
    public static Tensor? Of(Distribution p, Tensor x, Shape point, Tensor? context, Shape? contextShape)
    {
        if (p.ContextShape is not { } shape)
        {
            return null;
        }

        var batch = x.shape[..^point.Rank];
        if (context is null || contextShape is not { } size || !ReadsContext(p, point, size))
        {
            return x.reshape([.. batch, .. shape.ToArray()]);
        }

        using var vector = x.reshape([.. batch, point.Size]);
        using var lined = ContextNetwork.Lined(context, size, batch.Length + 1);
        using var wide = lined.expand([.. batch, lined.size(-1)]);
        return cat([vector, wide], -1);
    }
}
