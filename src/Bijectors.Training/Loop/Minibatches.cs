using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// The training items in a new order each epoch, a batch at a time; the order is drawn from a generator of its own.
/// </summary>
internal sealed class Minibatches(Tensor items, Tensor? context, int batchSize, int seed) : IDisposable
{
    private readonly Generator _generator = new((ulong)seed);
    private Tensor? _order;
    private long _next;

    /// <summary>The number of batches of an epoch.</summary>
    public long PerEpoch => (items.size(0) + batchSize - 1) / batchSize;

    /// <summary>True where the next batch begins a new epoch.</summary>
    public bool AtEpochStart => _order is null || _next >= items.size(0);

    /// <summary>The next batch; both tensors are fresh.</summary>
    public (Tensor Items, Tensor? Context) Next()
    {
        if (AtEpochStart)
        {
            Shuffle();
        }

        var size = Math.Min(batchSize, items.size(0) - _next);
        using var index = _order!.narrow(0, _next, size);
        _next += size;
        return (items.index_select(0, index), context?.index_select(0, index));
    }

    public void Dispose()
    {
        _order?.Dispose();
        _generator.Dispose();
    }

    private void Shuffle()
    {
        _order?.Dispose();
        using var order = randperm(items.size(0), generator: _generator);
        _order = order.to(items.device).DetachFromDisposeScope();
        _next = 0;
    }
}
