using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// The training items in a new order each epoch, a batch at a time; the order is drawn from a generator of its own.
/// </summary>
internal sealed class Minibatches(Tensor items, Tensor? context, int batchSize, int seed) : IDisposable
{
    // Data are constants: no gradient leads to what they were made from.
    private readonly Tensor _items = items.detach().DetachFromDisposeScope();
    private readonly Tensor? _context = context?.detach().DetachFromDisposeScope();
    private readonly Generator _generator = new((ulong)seed);
    private Tensor? _order;
    private long _next;

    /// <summary>The number of batches of an epoch.</summary>
    public long PerEpoch => (_items.size(0) + batchSize - 1) / batchSize;

    /// <summary>True where the next batch begins a new epoch.</summary>
    public bool AtEpochStart => _order is null || _next >= _items.size(0);

    /// <summary>The next batch; both tensors are fresh.</summary>
    public (Tensor Items, Tensor? Context) Next()
    {
        if (AtEpochStart)
        {
            Shuffle();
        }

        var size = Math.Min(batchSize, _items.size(0) - _next);
        using var index = _order!.narrow(0, _next, size);
        _next += size;
        return (_items.index_select(0, index), _context?.index_select(0, index));
    }

    public void Dispose()
    {
        _order?.Dispose();
        _items.Dispose();
        _context?.Dispose();
        _generator.Dispose();
    }

    private void Shuffle()
    {
        _order?.Dispose();
        using var order = randperm(_items.size(0), generator: _generator);
        _order = order.to(_items.device).DetachFromDisposeScope();
        _next = 0;
    }
}
