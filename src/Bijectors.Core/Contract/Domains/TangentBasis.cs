using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Orthonormal bases of the tangent spaces of a domain, for events of any number of dimensions.</summary>
internal static class TangentBasis
{
    /// <summary>The basis at points whose events may hold several of the domain's.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="x">Points inside, <c>(batch..., event...)</c>.</param>
    /// <param name="rank">How many last dimensions an event has, at least as many as the domain's.</param>
    /// <returns>A fresh tensor <c>(batch..., event size, dimensions)</c>; null where every direction is one.</returns>
    public static Tensor? Of(Domain domain, Tensor x, int rank)
    {
        using var scope = NewDisposeScope();
        if (domain.Tangents(x) is not { } each)
        {
            return null;
        }

        // (batch..., places..., size, dimensions): a block for each place.
        var batch = x.shape[..^rank];
        var places = x.shape[^rank..^domain.EventRank].Aggregate(1L, (product, size) => product * size);
        var (size, dimensions) = (each.size(-2), each.size(-1));
        var blocks = each.reshape([.. batch, places, size, 1, dimensions]);
        var unit = eye(places, dtype: x.dtype, device: x.device).reshape(places, 1, places, 1);
        return (blocks * unit).reshape([.. batch, places * size, places * dimensions]).MoveToOuterDisposeScope();
    }

    /// <summary>The same where nothing is null: the unit matrix for an open set.</summary>
    public static Tensor OrAll(Domain domain, Tensor x, int rank)
    {
        if (Of(domain, x, rank) is { } basis)
        {
            return basis;
        }

        using var scope = NewDisposeScope();
        var size = x.shape[^rank..].Aggregate(1L, (product, length) => product * length);
        return eye(size, dtype: x.dtype, device: x.device).expand([.. x.shape[..^rank], size, size])
            .clone().MoveToOuterDisposeScope();
    }

    /// <summary>A basis whose vectors have been moved as events are.</summary>
    /// <param name="basis">Of events of a shape, <c>(batch..., event size, dimensions)</c>.</param>
    /// <param name="events">The shape of its events.</param>
    /// <param name="move">What is done with events <c>(dimensions, batch..., event...)</c>; it must be linear.</param>
    /// <param name="rank">How many last dimensions an event has afterwards.</param>
    public static Tensor Moved(Tensor basis, ReadOnlySpan<long> events, Func<Tensor, Tensor> move, int rank)
    {
        using var scope = NewDisposeScope();
        var columns = basis.movedim([-1], [0]);
        var vectors = columns.unflatten(columns.dim() - 1, events.ToArray());
        var moved = move(vectors);
        return moved.flatten(moved.dim() - rank, -1).movedim([0], [-1]).clone().MoveToOuterDisposeScope();
    }
}
