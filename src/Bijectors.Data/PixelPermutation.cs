using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>
/// A fixed order of the pixels of an image, the same for all its channels, or of the features of a vector:
/// <c>y[i] = x[order[i]]</c>. A model that gains nothing from where a pixel lies fits permuted images as well as
/// before.
/// </summary>
public sealed class PixelPermutation : IDisposable
{
    private const int ImageRank = 3;

    private readonly long[] _itemShape;
    private readonly Tensor _order;
    private readonly Tensor _inverse;

    /// <summary>Draws an order.</summary>
    /// <param name="itemShape">The shape of one item: <c>(channels, height, width)</c>, or any other, whose entries are
    /// all permuted.</param>
    /// <param name="seed">The seed of the order; the same seed and shape give the same one.</param>
    public PixelPermutation(long[] itemShape, int seed)
    {
        _itemShape = [.. itemShape];
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        _order = randperm(Pixels, generator: generator).DetachFromDisposeScope();
        _inverse = _order.argsort(-1).DetachFromDisposeScope();
    }

    private long Channels => _itemShape.Length == ImageRank ? _itemShape[0] : 1;

    private long Pixels => _itemShape.Aggregate(1L, (size, side) => size * side) / Channels;

    /// <summary>Items with their pixels in this order.</summary>
    /// <param name="items">The items, <c>(N, item shape)</c>.</param>
    /// <returns>A fresh tensor of the same shape, dtype and device.</returns>
    /// <exception cref="DataException">The items have another shape.</exception>
    public Tensor Apply(Tensor items) => Ordered(items, _order);

    /// <summary>Items whose pixels are in this order, put back.</summary>
    /// <inheritdoc cref="Apply(Tensor)"/>
    public Tensor Undo(Tensor items) => Ordered(items, _inverse);

    /// <summary>A copy of a data set with the pixels of all its parts in this order.</summary>
    /// <exception cref="DataException">The items have another shape.</exception>
    public Dataset Apply(Dataset data) => new(
        data.Name,
        data.Levels,
        Apply(data.Train),
        Apply(data.Validation),
        Apply(data.Test),
        data.TrainLabels?.clone(),
        data.ValidationLabels?.clone(),
        data.TestLabels?.clone());

    /// <summary>Disposes the order.</summary>
    public void Dispose()
    {
        _order.Dispose();
        _inverse.Dispose();
    }

    private Tensor Ordered(Tensor items, Tensor order)
    {
        if (items.dim() != _itemShape.Length + 1 || !items.shape.AsSpan(1).SequenceEqual(_itemShape))
        {
            throw new DataException(
                "PixelPermutation",
                $"items of shape {ShapeText.Of(_itemShape)}",
                ShapeText.Of(items.shape.AsSpan(Math.Min(1, (int)items.dim()))));
        }

        using var ungraded = no_grad();
        using var rows = items.reshape(items.shape[0], Channels, Pixels);
        using var place = order.to(items.device);
        using var ordered = rows.index_select(2, place);
        return ordered.reshape(items.shape);
    }
}
