namespace Bijectors.Testing.RandomFlows;

/// <summary>What a partition is.</summary>
internal enum SplittingKind
{
    Halves,
    First,
    Alternating,
    Checkerboard,
}

/// <summary>A partition.</summary>
internal sealed record Splitting(SplittingKind Kind, int Dim = -1, int Count = 0, bool Swapped = false)
{
    public string Form => $"Partition.{Kind}{(Swapped ? ".Swapped()" : "")}";

    public int Cost => (5 * (int)Kind) + (Swapped ? 5 : 0) - Dim + Count;

    /// <summary>The partitions that a shape can be taken apart by.</summary>
    public static IReadOnlyList<Splitting> Of(Shape shape)
    {
        var along = Enumerable.Range(1, shape.Rank).Select(i => -i).Where(dim => shape[dim] > 1)
            .SelectMany(dim => new Splitting[]
            {
                new(SplittingKind.Halves, dim),
                new(SplittingKind.Alternating, dim),
                new(SplittingKind.First, dim, 1),
                new(SplittingKind.First, dim, (int)shape[dim] - 1),
            }).Distinct();
        var board = shape.Rank >= 3 && shape[-1] % 2 == 0
            ? [new Splitting(SplittingKind.Checkerboard, -3)]
            : Array.Empty<Splitting>();
        return [.. along.Concat(board).SelectMany(s => new[] { s, s with { Swapped = true } })];
    }

    public Partition Make()
    {
        var partition = Kind switch
        {
            SplittingKind.Halves => Partition.Halves(Dim),
            SplittingKind.First => Partition.First(Count, Dim),
            SplittingKind.Alternating => Partition.Alternating(Dim),
            _ => Partition.Checkerboard,
        };
        return Swapped ? partition.Swapped() : partition;
    }

    public string Write()
    {
        var dim = Dim == -1 ? null : $"{Dim}";
        var name = Kind switch
        {
            SplittingKind.Halves => Text.Call("Partition.Halves", dim),
            SplittingKind.First => Text.Call("Partition.First", $"{Count}", dim),
            SplittingKind.Alternating => Text.Call("Partition.Alternating", dim),
            _ => "Partition.Checkerboard",
        };
        return Swapped ? $"{name}.Swapped()" : name;
    }

    public IEnumerable<Splitting> Simpler()
    {
        yield return new(SplittingKind.Halves);
        yield return new(SplittingKind.Halves, Dim);
        yield return this with { Swapped = false };
    }
}
