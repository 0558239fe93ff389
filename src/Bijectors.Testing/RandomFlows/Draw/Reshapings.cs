namespace Bijectors.Testing.RandomFlows;

/// <summary>Draws steps that only move entries.</summary>
internal static class Reshapings
{
    /// <summary>A step that keeps the shape.</summary>
    public static Step Keeping(Chance chance, Shape shape)
    {
        var dim = -chance.Between(1, Math.Max(1, shape.Rank));
        int? key = chance.Happens(0.5) ? chance.Key() : null;
        Step step = shape.Rank == 0
            ? new ElementPermutationStep(key, 0)
            : chance.Below(4) switch
            {
                0 => new ReverseStep(dim),
                1 => new RollStep(chance.Pick([1, 2, -1, -3]), dim),
                2 => new PermuteStep(key, dim),
                _ => new ElementPermutationStep(key, chance.Between(1, shape.Rank)),
            };
        return chance.Happens(0.2) ? new InvertedStep(step) : step;
    }

    /// <summary>A step to another shape; null where none was found.</summary>
    public static Step? Changing(Chance chance, Shape shape)
    {
        var rank = chance.Between(Math.Min(1, shape.Rank), shape.Rank);
        var options = new List<(Step, int)>();
        if (Factored(chance, shape.Trailing(rank).Size, 3 - shape.Rank + rank) is { } target
            && target != shape.Trailing(rank))
        {
            options.Add((new ReshapeStep(rank, target), 2));
            options.Add((new InvertedStep(
                new ReshapeStep(target.Rank, shape.Trailing(rank)), shape.Leading(rank).Then(target)), 1));
            if (rank == 1)
            {
                options.Add((new InvertedStep(new FlattenStep(target.Rank), shape.Leading(1).Then(target)), 2));
            }
        }

        if (rank != 1)
        {
            options.Add((new FlattenStep(rank), 2));
        }

        if (shape.Rank == 3)
        {
            AddImages(options, shape);
        }

        if (shape.Rank == 2 && shape[1] % 4 == 0 && (shape[1] / 4) is var channels)
        {
            var columns = shape[0] % 2 == 0 && chance.Happens(0.5) ? 2 : 1;
            options.Add(
                (new InvertedStep(new PatchifyStep(2), Shape.Image(channels, shape[0] / columns * 2, 2 * columns)), 4));
        }

        if (shape.Rank == 2)
        {
            options.Add((new InvertedStep(new PatchifyStep(1), Shape.Image(shape[1], 1, shape[0])), 1));
        }

        return options.Count == 0 ? null : chance.Pick(options);
    }

    /// <summary>The step that undoes one that changes the shape.</summary>
    public static Step Undo(Step step, Shape shape) =>
        step is InvertedStep { Steps.Steps: [var undo] } ? undo : new InvertedStep(step, shape);

    /// <summary>Some shape of a size.</summary>
    /// <param name="chance">What it is drawn from.</param>
    /// <param name="size">The number of entries.</param>
    /// <param name="most">The most dimensions that it may have.</param>
    public static Shape? Factored(Chance chance, long size, int most)
    {
        if (most < 1)
        {
            return null;
        }

        var sizes = new List<long>();
        while (sizes.Count + 1 < most && chance.Happens(0.7))
        {
            var divisors = Enumerable.Range(1, (int)size).Select(d => (long)d).Where(d => size % d == 0).ToList();
            var next = chance.Pick(divisors);
            sizes.Add(next);
            size /= next;
        }

        return Shape.Of([.. sizes, size]);
    }

    private static void AddImages(List<(Step, int)> options, Shape shape)
    {
        foreach (var factor in new[] { 1, 2 })
        {
            if (shape[1] % factor == 0 && shape[2] % factor == 0)
            {
                options.Add((new SqueezeStep(factor), factor * factor));
                options.Add((new PatchifyStep(factor), factor * factor));
            }
        }

        if (shape[0] % 4 == 0)
        {
            options.Add(
                (new InvertedStep(new SqueezeStep(2), Shape.Image(shape[0] / 4, 2 * shape[1], 2 * shape[2])), 4));
        }
    }
}
