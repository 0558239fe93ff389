using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>Fixed items, in a new order each epoch.</summary>
internal sealed class ItemSource : BatchSource
{
    private readonly Tensor _items;
    private readonly Tensor? _context;
    private readonly int _batchSize;
    private readonly bool _shuffled;

    public ItemSource(Tensor items, Tensor? context, int batchSize, bool shuffled)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        if (items.dim() == 0 || items.size(0) == 0)
        {
            throw new ArgumentException(
                $"BatchSource.Items: expected at least one item, got a tensor ({string.Join(", ", items.shape)}).");
        }

        if (context is not null && (context.dim() == 0 || context.size(0) != items.size(0)))
        {
            throw new ArgumentException(
                $"BatchSource.Items: expected a context for each of {items.size(0)} items, "
                + $"got ({string.Join(", ", context.shape)}).");
        }

        (_items, _context, _batchSize, _shuffled) = (items, context, batchSize, shuffled);
    }

    public override long BatchesPerEpoch => (_items.size(0) + _batchSize - 1) / _batchSize;

    public override Device Device => _items.device;

    public override string Identity =>
        $"items {Digest.Of(_items)}, context {(_context is null ? "none" : Digest.Of(_context))}, "
        + $"batches of {_batchSize}{(_shuffled ? "" : ", in order")}";

    protected internal override IEnumerable<Batch> Read(long first, Generator generator)
    {
        // Data are constants: no gradient leads to what they were made from.
        using var items = _items.detach().DetachFromDisposeScope();
        using var context = _context?.detach().DetachFromDisposeScope();
        using var order = Order(generator);
        for (long start = 0; start < items.size(0); start += _batchSize)
        {
            var size = Math.Min(_batchSize, items.size(0) - start);
            using var index = order.narrow(0, start, size);
            yield return new Batch(items.index_select(0, index), context?.index_select(0, index));
        }
    }

    private Tensor Order(Generator generator)
    {
        using var order = _shuffled
            ? randperm(_items.size(0), generator: generator)
            : arange(_items.size(0), dtype: ScalarType.Int64);
        return order.to(_items.device).DetachFromDisposeScope();
    }
}
