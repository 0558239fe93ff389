using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// Points whose features are in the order in which they depend on each other, followed by the context, and results in
/// which the numbers of a feature are side by side in the same order: the arrangement that a masked layer without gaps
/// between its parts needs.
/// </summary>
/// <param name="places">The feature at each place of the order.</param>
/// <param name="contextSize">Size of the context.</param>
/// <param name="outputs">How many numbers there are for each feature.</param>
internal sealed class SortedFeatures(int[] places, int contextSize, int outputs)
{
    private readonly long[] _inputs =
        [.. places.Select(feature => (long)feature), .. Range(places.Length, contextSize)];
    private readonly long[] _results = Transposed(places, outputs);
    private readonly bool _isNatural = places.Order().SequenceEqual(places);

    /// <summary>The points sorted, <c>(..., D + C)</c>.</summary>
    public Tensor Sort(Tensor points) => _isNatural ? points.alias() : Select(points, _inputs);

    /// <summary>Sorted points as they were.</summary>
    public Tensor Unsort(Tensor points) => _isNatural ? points.alias() : Select(points, Inverse(_inputs));

    /// <summary>Results sorted, <c>(..., outputs D)</c>.</summary>
    public Tensor SortResult(Tensor result) => Select(result, _results);

    /// <summary>Sorted results as they were.</summary>
    public Tensor UnsortResult(Tensor result) => Select(result, Inverse(_results));

    // Where each of the sorted results stands: number j of feature i is at j D + i.
    private static long[] Transposed(int[] places, int outputs) =>
        [.. places.SelectMany(feature => Range(0, outputs).Select(j => (j * places.Length) + feature))];

    private static long[] Inverse(long[] order)
    {
        var inverse = new long[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            inverse[order[i]] = i;
        }

        return inverse;
    }

    private static IEnumerable<long> Range(int first, int count) => Enumerable.Range(first, count).Select(i => (long)i);

    private static Tensor Select(Tensor values, long[] order)
    {
        using var index = tensor(order, device: values.device);
        return values.index_select(-1, index);
    }
}
