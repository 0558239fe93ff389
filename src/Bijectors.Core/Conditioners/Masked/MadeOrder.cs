using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The order of the features of a <see cref="Made"/> and the degrees of its hidden units, from which all masks come. A
/// unit of degree d depends on the first d features of the order. Sorted by degree, what a unit depends on is a prefix
/// of the layer before it, in every layer.
/// </summary>
internal sealed class MadeOrder
{
    private readonly long[] _degrees;
    private readonly int[] _sorted;
    private readonly int[]? _moved;

    /// <param name="degrees">The degree of every hidden unit, from 0 to D - 1.</param>
    /// <param name="places">The feature at each place of the order.</param>
    public MadeOrder(long[] degrees, int[] places)
    {
        _degrees = degrees;
        Places = places;
        IsNatural = places.Order().SequenceEqual(places);
        Units = [.. Enumerable.Range(0, degrees.Length).OrderBy(unit => degrees[unit])];
        _sorted = [.. Units.Select(unit => (int)degrees[unit])];
        _moved = Units.SequenceEqual(Units.Order()) ? null : Units;
        UpTo = new int[places.Length];
        foreach (var degree in _sorted)
        {
            UpTo[degree]++;
        }

        for (var degree = 1; degree < places.Length; degree++)
        {
            UpTo[degree] += UpTo[degree - 1];
        }
    }

    /// <summary>The number D of features.</summary>
    public int Features => UpTo.Length;

    /// <summary>The degree of every hidden unit.</summary>
    public IReadOnlyList<long> Degrees => _degrees;

    /// <summary>The feature at each place.</summary>
    public int[] Places { get; }

    /// <summary>Whether features stand in their own order.</summary>
    public bool IsNatural { get; }

    /// <summary>The unit at each place.</summary>
    public int[] Units { get; }

    /// <summary>
    /// How many units have each degree or a smaller one: those that depend on nothing behind the first i features of
    /// the order, for i = 0 .. D - 1.
    /// </summary>
    public int[] UpTo { get; }

    /// <summary>What the masks say of every layer, as the kernels take it.</summary>
    /// <param name="contextSize">Size of the context, on which all units depend.</param>
    /// <param name="layers">Number of hidden layers behind the first.</param>
    /// <param name="outputs">How many numbers there are for each feature.</param>
    /// <param name="isSorted">Whether points come and results go in the order of the features, results with the numbers
    /// of a feature side by side; otherwise the last layer is as many equal parts as there are numbers.</param>
    public Staircase[] Staircases(int contextSize, int layers, int outputs, bool isSorted)
    {
        int[]? inputs = isSorted ? [.. Places, .. Enumerable.Range(Features, contextSize)] : null;
        var first = new Staircase(_moved, inputs, Features + contextSize, _sorted, contextSize);
        var inside = new Staircase(_moved, _moved, Units.Length, [.. _sorted.Select(degree => UpTo[degree])]);
        Staircase[] last = isSorted
            ? [new(
                [.. Places.SelectMany(feature => Enumerable.Range(0, outputs).Select(j => (j * Features) + feature))],
                _moved, Units.Length, [.. UpTo.SelectMany(units => Enumerable.Repeat(units, outputs))])]
            : [.. Enumerable.Repeat(new Staircase(null, _moved, Units.Length, UpTo), outputs)];
        return [first, .. Enumerable.Repeat(inside, layers), .. last];
    }

    /// <summary>Which weights of the first layer count, <c>(hidden, D + C)</c>.</summary>
    public Tensor InputMask(long contextSize)
    {
        using var scope = NewDisposeScope();
        var counts = Ranks().unsqueeze(0) < tensor(_degrees).unsqueeze(-1);
        var context = ones(Units.Length, contextSize, ScalarType.Float32);
        return cat([counts.to(ScalarType.Float32), context], -1).MoveToOuterDisposeScope();
    }

    /// <summary>Which weights of the layers inside count, <c>(hidden, hidden)</c>.</summary>
    public Tensor HiddenMask()
    {
        using var scope = NewDisposeScope();
        var degrees = tensor(_degrees);
        return (degrees.unsqueeze(-1) >= degrees).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>Which weights of the last layer count, <c>(outputs D, hidden)</c>.</summary>
    public Tensor OutputMask(int outputs)
    {
        using var scope = NewDisposeScope();
        var counts = Ranks().repeat(outputs).unsqueeze(-1) >= tensor(_degrees);
        return counts.to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>The place of every feature, <c>(D)</c>.</summary>
    private Tensor Ranks()
    {
        var ranks = new long[Features];
        for (var place = 0; place < Features; place++)
        {
            ranks[Places[place]] = place;
        }

        return tensor(ranks);
    }
}
