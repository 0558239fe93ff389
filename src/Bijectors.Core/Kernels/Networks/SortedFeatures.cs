using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Points whose features stand in the order in which they depend on each other, the context behind them, and results in
/// which
/// the numbers of a feature stand side by side in the same order: as a masked layer without gaps between its parts has
/// them.
/// </summary>
/// <param name="order">The order.</param>
/// <param name="contextSize">Size of the context.</param>
/// <param name="outputs">How many numbers there are for each feature.</param>
internal sealed class SortedFeatures(MadeOrder order, int contextSize, int outputs)
{
    private readonly long[] _inputs =
        [.. order.Places.Select(feature => (long)feature), .. Range(order.Features, contextSize)];
    private readonly long[] _results = Transposed(order.Features, outputs, order.Places);

    /// <summary>The points sorted, <c>(..., D + C)</c>.</summary>
    public Tensor Sort(Tensor points) => order.IsNatural ? points.alias() : Select(points, _inputs);

    /// <summary>Sorted points as they were.</summary>
    public Tensor Unsort(Tensor points) => order.IsNatural ? points.alias() : Select(points, Inverse(_inputs));

    /// <summary>Results sorted, <c>(..., outputs D)</c>.</summary>
    public Tensor SortResult(Tensor result) => Select(result, _results);

    /// <summary>Sorted results as they were.</summary>
    public Tensor UnsortResult(Tensor result) => Select(result, Inverse(_results));

    // Where each of the sorted results stands: number j of feature i is at j D + i.
    private static long[] Transposed(int features, int outputs, int[] places) =>
        [.. places.SelectMany(feature => Range(0, outputs).Select(j => (j * features) + feature))];

    private static long[] Inverse(long[] places)
    {
        var inverse = new long[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            inverse[places[i]] = i;
        }

        return inverse;
    }

    private static IEnumerable<long> Range(int first, int count) => Enumerable.Range(first, count).Select(i => (long)i);

    private static Tensor Select(Tensor values, long[] places)
    {
        using var index = tensor(places, device: values.device);
        return values.index_select(-1, index);
    }
}
