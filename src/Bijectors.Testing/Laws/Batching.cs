namespace Bijectors.Testing;

/// <summary>A batch is its points one by one.</summary>
internal sealed class Batching : PointLaw
{
    public override string Statement => "a batch of any size and rank gives what single calls give: "
        + "samples do not see each other, nor do dimensions beyond the event rank, however they lie in memory";

    public override string UsualCause =>
        "a reduction over all dimensions instead of the event's, batch statistics, a dimension counted from the front, "
        + "or an event rank of 0 of a map with a parameter for each entry.";

    // Those that work on several numbers at once have some left over, or too few; those that work in
    // parts have several.
    private static readonly int[] s_sizes = [1, 5, 321];

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        using var grad = no_grad();
        var at = lawContext.Conditioning(direction, points);
        var (y, logDet) = direction.ApplyWithLogDet(points.X, points.Context);
        var singles = Enumerable.Range(0, (int)points.Count)
            .Select(i => direction.ApplyWithLogDet(points.X[i], points.Context?[i])).ToArray();
        var grid = Grid(points);
        var (gridY, gridLogDet) = direction.ApplyWithLogDet(grid.X, grid.Context);
        var name = $"{direction.Name}WithLogDet of the points";
        return Close.Find($"{name} in one batch", stack(singles.Select(s => s.Y)), y, at.OfMap)
            ?? OfSingles(at, direction, points, logDet, [.. singles.Select(s => s.LogDet)])
            ?? Close.Find($"{name} in a batch of rank 2", y, gridY.flatten(0, 1), at.OfMap)
            ?? Close.Find($"{name} in a batch of rank 2, LogDet", logDet, gridLogDet.flatten(), at.OfLogDet)
            ?? Seen(at, direction, points, y, logDet, "with gaps between their numbers in memory", WithGaps)
            ?? Seen(
                at, direction, points, y, logDet, "with their signs beside their numbers in memory", WithSignsBeside)
            ?? s_sizes.Select(size => OfSize(at, direction, points, y, logDet, size))
                .FirstOrDefault(mismatch => mismatch is not null)
            ?? Same(at, direction, points, y, logDet)
            ?? Parts(at, direction, points, y)
            ?? Shared(lawContext, direction, points);
    }

    private static Mismatch? OfSingles(
        Conditioning at, Direction direction, Points points, Tensor logDet, Tensor[] singles)
    {
        var name = $"{direction.Name}WithLogDet of the points in one batch, LogDet";
        if (!direction.Bijector.HasRandomLogDet)
        {
            return Close.Find(name, stack(singles), logDet, at.OfLogDet);
        }

        // That a batch has the right mean the law LogDet says; of single calls one will do.
        var first = new Points(points.X[0], points.Context?[0]);
        return IsAveraged(first) ? Estimated.Find(name, direction, first, at.LogAbsDet[0], at.OfLogDet[0]) : null;
    }

    /// <summary>
    /// Compares log-dets of a call with those of another; where they are estimated, of other noise, with what they are
    /// on average.
    /// </summary>
    private static Mismatch? LogDets(
        string name, Direction direction, Points points, Tensor expected, Tensor got, Tensor exact, Tensor allowed) =>
        !direction.Bijector.HasRandomLogDet ? Close.Find(name, expected, got, allowed)
            : IsAveraged(points) ? Estimated.Find(name, direction, points, exact, allowed)
            : null;

    /// <summary>Many draws cost much, and which noise meets which point is the same in float32.</summary>
    private static bool IsAveraged(Points points) => points.X.dtype == ScalarType.Float64;

    /// <summary>The same points, which lie in memory in another way.</summary>
    private static Mismatch? Seen(
        Conditioning at, Direction direction, Points points, Tensor y, Tensor logDet, string how,
        Func<Tensor, Tensor> view)
    {
        var x = view(points.X);
        var context = points.Context is null ? null : view(points.Context);
        var (seenY, seenLogDet) = direction.ApplyWithLogDet(x, context);
        var name = $"of the points {how}";
        return Close.Find($"{direction.Name} {name}", direction.Apply(points.X, points.Context),
            direction.Apply(x, context), at.OfMap)
            ?? Close.Find($"{direction.Name}WithLogDet {name}", y, seenY, at.OfMap)
            ?? Close.Find($"{direction.Name}WithLogDet {name}, LogDet", logDet, seenLogDet, at.OfLogDet);
    }

    /// <summary>With a gap after each number, as a slice of a larger tensor has them.</summary>
    private static Tensor WithGaps(Tensor z) => stack([z, full_like(z, double.NaN)], -1).select(-1, 0);

    /// <summary>The negative numbers lie in memory, and torch keeps beside them that they count negated.</summary>
    private static Tensor WithSignsBeside(Tensor z) => complex(zeros_like(z), -z).conj().imag;

    /// <summary>A batch of another size, of the same points one after another.</summary>
    private static Mismatch? OfSize(
        Conditioning at, Direction direction, Points points, Tensor y, Tensor logDet, int size)
    {
        long[] which = [.. Enumerable.Range(0, size).Select(i => i % points.Count)];
        var index = tensor(which);
        var sized = points.Select(which);
        return Picked(
            $"{direction.Name}WithLogDet of the points in a batch of {size}", at, direction, sized, y, logDet,
            z => z.index_select(0, index));
    }

    /// <summary>One point, which is in memory once, in all places.</summary>
    private static Mismatch? Same(Conditioning at, Direction direction, Points points, Tensor y, Tensor logDet)
    {
        var first = new Points(First(points.X), points.Context is null ? null : First(points.Context));
        return Picked(
            $"{direction.Name}WithLogDet of the first point in all places", at, direction, first, y, logDet, First);

        static Tensor First(Tensor z) => z.narrow(0, 0, 1).expand_as(z);
    }

    /// <summary>
    /// Dimensions of an event beyond the event rank are a batch like any other: what lies along them may
    /// as well be points.
    /// </summary>
    private static Mismatch? Parts(Conditioning at, Direction direction, Points points, Tensor y)
    {
        var beyond = direction.FromShape.Rank - direction.OwnRank;
        var shape = Shape.Of(direction.FromShape.ToArray().AsSpan()[beyond..]);
        if (beyond == 0 || !SmallShapes.Fits(direction.Declare, shape))
        {
            return null;
        }

        var x = points.X.flatten(0, beyond);
        var times = x.shape[0] / points.Count;
        var name = $"{direction.Name}WithLogDet of what lies beyond the event rank, as points";
        Tensor partsY, partsLogDet;
        try
        {
            (partsY, partsLogDet) =
                direction.ApplyWithLogDet(x, points.Context?.repeat_interleave(times, 0), direction.OwnRank);
        }
        catch (Exception e)
        {
            return new(name,
                $"an answer, since by its event rank and {direction.DeclaredBy} it takes events {shape}",
                Thrown(e).Got);
        }

        var logDets = direction.ApplyWithLogDet(points.X, points.Context, direction.OwnRank).LogDet.flatten();
        return Close.Find(name, y.flatten(0, beyond), partsY, at.OfMap.flatten(0, beyond))
            ?? Close.Find($"{name}, LogDet", logDets, partsLogDet, at.OfLogDet.repeat_interleave(times));
    }

    /// <summary>Points that were picked out of the batch, and what is picked alike of its results.</summary>
    private static Mismatch? Picked(
        string name, Conditioning at, Direction direction, Points picked, Tensor y, Tensor logDet,
        Func<Tensor, Tensor> pick)
    {
        var (pickedY, pickedLogDet) = Call(direction, picked);
        return Close.Find(name, pick(y), pickedY, pick(at.OfMap))
            ?? LogDets($"{name}, LogDet", direction, picked, pick(logDet), pickedLogDet, pick(at.LogAbsDet),
                pick(at.OfLogDet));
    }

    private static (Tensor Y, Tensor LogDet) Call(Direction direction, Points points) =>
        direction.ApplyWithLogDet(points.X, points.Context);

    private static Points Grid(Points points)
    {
        var rows = points.Count % 2 == 0 ? 2 : 1;
        return new(
            points.X.unflatten(0, [rows, points.Count / rows]),
            points.Context?.unflatten(0, [rows, points.Count / rows]));
    }

    /// <summary>One context for the whole batch is that context for each of its points.</summary>
    private static Mismatch? Shared(LawContext lawContext, Direction direction, Points points)
    {
        if (points.Context is null)
        {
            return null;
        }

        var each = points with { Context = points.Context[0].unsqueeze(0).expand_as(points.Context) };
        var at = lawContext.Conditioning(direction, each);
        var (y, logDet) = direction.ApplyWithLogDet(each.X, each.Context);
        var (sharedY, sharedLogDet) = direction.ApplyWithLogDet(points.X, points.Context[0]);
        var name = $"{direction.Name}WithLogDet with one context for all points";
        return Close.Find(name, y, sharedY, at.OfMap)
            ?? Close.Find($"{name}, LogDet", logDet, sharedLogDet, at.OfLogDet);
    }
}
