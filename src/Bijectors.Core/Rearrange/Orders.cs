using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Permutations of 0..D-1 as index tensors.</summary>
internal static class Orders
{
    /// <summary>A permutation and its inverse as buffers.</summary>
    /// <exception cref="ArgumentException">It is no permutation.</exception>
    public static (Tensor Order, Tensor Inverse) Of(string whose, IReadOnlyList<long> order)
    {
        ArgumentNullException.ThrowIfNull(order);
        var inverse = Enumerable.Repeat(-1L, order.Count).ToArray();
        for (var i = 0; i < order.Count; i++)
        {
            if (order[i] < 0 || order[i] >= order.Count || inverse[order[i]] >= 0)
            {
                throw new ArgumentException(
                    $"{whose}: expected a permutation of 0..{order.Count - 1}, "
                    + $"got {order[i]} at place {i} out of range or for the second time.");
            }

            inverse[order[i]] = i;
        }

        return (Initial.Buffer(tensor(order.ToArray())), Initial.Buffer(tensor(inverse)));
    }

    /// <summary>A random permutation.</summary>
    /// <exception cref="ArgumentException">The size is not positive.</exception>
    public static long[] Random(long size, Generator generator)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        using var order = randperm(size, ScalarType.Int64, generator: generator);
        return Read(order);
    }

    /// <summary>The numbers of an index tensor.</summary>
    public static long[] Read(Tensor order)
    {
        using var here = order.cpu();
        return here.data<long>().ToArray();
    }

    /// <summary>
    /// First one order, then the other. Where nothing moves it is an order all the same: what a chain has in its state
    /// dictionary must not depend on what was drawn.
    /// </summary>
    public static long[] Merge(Tensor first, Tensor second)
    {
        var (a, b) = (Read(first), Read(second));
        return [.. b.Select(i => a[i])];
    }
}
