namespace Bijectors;

/// <summary>The hidden units of a <see cref="Made"/> sorted by degree: what a unit hears is then a prefix of the layer before it, in every layer.</summary>
internal sealed class MadeOrder
{
    private readonly int[] _degrees;
    private readonly int[]? _moved;

    /// <param name="degrees">The degree of every hidden unit.</param>
    /// <param name="features">The number D of features.</param>
    public MadeOrder(long[] degrees, int features)
    {
        Units = [.. Enumerable.Range(0, degrees.Length).OrderBy(unit => degrees[unit])];
        _degrees = [.. Units.Select(unit => (int)degrees[unit])];
        _moved = Units.SequenceEqual(Units.Order()) ? null : Units;
        UpTo = new int[features];
        foreach (var degree in _degrees)
        {
            UpTo[degree]++;
        }

        for (var degree = 1; degree < features; degree++)
        {
            UpTo[degree] += UpTo[degree - 1];
        }
    }

    /// <summary>The number D of features.</summary>
    public int Features => UpTo.Length;

    /// <summary>The unit at each place.</summary>
    public int[] Units { get; }

    /// <summary>How many units have each degree or a smaller one: those that hear nothing behind the first i features, for i = 0 .. D - 1.</summary>
    public int[] UpTo { get; }

    /// <summary>What the masks say: of every layer, where the log-scales and the shifts are two equal parts of the last one.</summary>
    /// <param name="contextSize">Size of the context, which all units hear.</param>
    /// <param name="blocks">Number of residual blocks.</param>
    public Staircase[] Staircases(int contextSize, int blocks)
    {
        var first = new Staircase(_moved, null, Features + contextSize, _degrees, contextSize);
        var inside = new Staircase(_moved, _moved, Units.Length, [.. _degrees.Select(degree => UpTo[degree])]);
        var last = new Staircase(null, _moved, Units.Length, UpTo);
        return [first, .. Enumerable.Repeat(inside, 2 * blocks), last, last];
    }
}
