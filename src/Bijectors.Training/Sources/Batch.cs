using Bijectors.Distributed;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>What one loss is computed from.</summary>
/// <param name="Items">Items, as a rule <c>(N, event...)</c>; what they are is between source and objective.</param>
/// <param name="Context">What a conditional distribution is given with each, <c>(N, context...)</c>; null for
/// none.</param>
public sealed record Batch(Tensor Items, Tensor? Context = null)
{
    /// <summary>The number of items N: how much the batch counts in means over batches.</summary>
    public long Count => Items.dim() == 0 ? 0 : Items.size(0);

    /// <summary>Some of its items; the tensors are views of those here.</summary>
    /// <param name="start">The first one.</param>
    /// <param name="count">How many.</param>
    public Batch Rows(long start, long count) =>
        new(Items.narrow(0, start, count), Context?.narrow(0, start, count));

    /// <summary>The items of one of several ranks. Where there are fewer items than ranks, one that has none gets the
    /// first, so that all compute the same; it counts for nothing there.</summary>
    /// <param name="ranks">The ranks, of which <see cref="Communicator.Share"/> says which items are whose.</param>
    /// <returns>Some of the items; this batch where it has none.</returns>
    public Batch Of(Communicator ranks)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        var (start, count) = ranks.Share(Count);
        return Count == 0 ? this : count == 0 ? Rows(0, 1) : Rows(start, count);
    }
}
