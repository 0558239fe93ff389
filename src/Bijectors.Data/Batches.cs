using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>
/// Shuffled minibatches in constant memory. Each enumeration is one epoch with a new order drawn from the generator;
/// each batch is a copy that the caller owns and disposes.
/// </summary>
public static class Batches
{
    /// <summary>The items in a new order, <paramref name="batchSize"/> at a time.</summary>
    /// <param name="data">The items, <c>(N, ...)</c>.</param>
    /// <param name="batchSize">The number of items of a batch; the last one may be smaller.</param>
    /// <param name="generator">A CPU generator that draws the order; enumerating again draws another.</param>
    /// <param name="dropLast">True to leave out a last batch that is not full.</param>
    /// <returns>Batches <c>(batchSize, ...)</c> of the data's dtype and device, owned by the caller.</returns>
    /// <exception cref="DataException">
    /// There are no items, the batch size is not positive, or every batch would be dropped.
    /// </exception>
    public static IEnumerable<Tensor> Shuffled(Tensor data, int batchSize, Generator generator, bool dropLast = false)
    {
        Check(data, batchSize, dropLast);
        return Indices(data, batchSize, generator, dropLast).Select(index => Take(data, index));
    }

    /// <summary>The items and their labels in one new order, <paramref name="batchSize"/> at a time.</summary>
    /// <param name="data">The items, <c>(N, ...)</c>.</param>
    /// <param name="labels">What goes with each item, <c>(N, ...)</c>, on the same device.</param>
    /// <param name="batchSize">The number of items of a batch; the last one may be smaller.</param>
    /// <param name="generator">A CPU generator that draws the order; enumerating again draws another.</param>
    /// <param name="dropLast">True to leave out a last batch that is not full.</param>
    /// <returns>Pairs of batches, both owned by the caller.</returns>
    /// <exception cref="DataException">
    /// There are no items, labels and items differ in number, the batch size is not positive, or every batch would be
    /// dropped.
    /// </exception>
    public static IEnumerable<(Tensor Items, Tensor Labels)> Shuffled(
        Tensor data, Tensor labels, int batchSize, Generator generator, bool dropLast = false)
    {
        Check(data, batchSize, dropLast);
        return labels.dim() > 0 && labels.shape[0] == data.shape[0]
            ? Indices(data, batchSize, generator, dropLast).Select(index => (Take(data, index), Take(labels, index)))
            : throw new DataException(
                "Batches",
                $"a label for each of {data.shape[0]} items",
                $"a tensor {ShapeText.Of(labels)}");
    }

    private static Tensor Take(Tensor data, Tensor index)
    {
        using var ungraded = no_grad();
        return data.index_select(0, index);
    }

    private static IEnumerable<Tensor> Indices(Tensor data, int batchSize, Generator generator, bool dropLast)
    {
        // The order outlives the dispose scope in which the caller happens to ask for the first batch.
        using var order = Order(data, generator).DetachFromDisposeScope();
        var count = data.shape[0];
        for (long start = 0; start < count; start += batchSize)
        {
            var size = Math.Min(batchSize, count - start);
            if (size == batchSize || !dropLast)
            {
                using var index = order.narrow(0, start, size).DetachFromDisposeScope();
                yield return index;
            }
        }
    }

    private static Tensor Order(Tensor data, Generator generator)
    {
        using var order = randperm(data.shape[0], generator: generator);
        return order.to(data.device);
    }

    private static void Check(Tensor data, int batchSize, bool dropLast)
    {
        if (data.dim() == 0 || data.shape[0] == 0)
        {
            throw new DataException("Batches", "at least one item", $"a tensor {ShapeText.Of(data)}");
        }

        if (batchSize < 1 || (dropLast && batchSize > data.shape[0]))
        {
            throw new DataException(
                "Batches",
                $"a batch size of 1 to {data.shape[0]} (the number of items)",
                $"{batchSize}");
        }
    }
}
