using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>A batch is its points one by one.</summary>
internal sealed class Batching : PointLaw
{
    public override string Statement => "a batch of N, of (2, N/2) or of 40 N gives what N single calls give: samples do not see each other, however they lie in memory";

    public override string UsualCause =>
        "a reduction over all dimensions instead of the event's, batch statistics, or a dimension counted from the front.";

    protected override Mismatch? Test(Trial trial, Way way, Points points)
    {
        using var grad = no_grad();
        var at = trial.Conditioning(way, points);
        var (y, logDet) = way.GoWithLogDet(points.X, points.Context);
        var singles = Enumerable.Range(0, (int)points.Count)
            .Select(i => way.GoWithLogDet(points.X[i], points.Context?[i])).ToArray();
        var grid = Grid(points);
        var (gridY, gridLogDet) = way.GoWithLogDet(grid.X, grid.Context);
        var name = $"{way.Name}WithLogDet of the points";
        return Close.Find($"{name} in one batch", stack(singles.Select(s => s.Y)), y, at.OfMap)
            ?? Close.Find($"{name} in one batch, LogDet", stack(singles.Select(s => s.LogDet)), logDet, at.OfLogDet)
            ?? Close.Find($"{name} in a batch of rank 2", y, gridY.flatten(0, 1), at.OfMap)
            ?? Close.Find($"{name} in a batch of rank 2, LogDet", logDet, gridLogDet.flatten(), at.OfLogDet)
            ?? Scattered(trial, way, points, y, logDet)
            ?? Repeated(trial, way, points, y, logDet)
            ?? Shared(trial, way, points);
    }

    /// <summary>The same points in memory with gaps between all numbers, as a slice of a larger tensor has them.</summary>
    private static Mismatch? Scattered(Trial trial, Way way, Points points, Tensor y, Tensor logDet)
    {
        var at = trial.Conditioning(way, points);
        var x = WithGaps(points.X);
        var context = points.Context is null ? null : WithGaps(points.Context);
        var (scatteredY, scatteredLogDet) = way.GoWithLogDet(x, context);
        var name = "of the points with gaps between their numbers in memory";
        return Close.Find($"{way.Name} {name}", way.Go(points.X, points.Context), way.Go(x, context), at.OfMap)
            ?? Close.Find($"{way.Name}WithLogDet {name}", y, scatteredY, at.OfMap)
            ?? Close.Find($"{way.Name}WithLogDet {name}, LogDet", logDet, scatteredLogDet, at.OfLogDet);

        static Tensor WithGaps(Tensor z) => stack([z, full_like(z, double.NaN)], -1).select(-1, 0);
    }

    /// <summary>Many points, and of each the same in many places; and one point, which stands in memory once, in all places.</summary>
    private static Mismatch? Repeated(Trial trial, Way way, Points points, Tensor y, Tensor logDet)
    {
        const int Times = 40;
        var at = trial.Conditioning(way, points);
        var all = Enumerable.Repeat(Enumerable.Range(0, (int)points.Count), Times).SelectMany(i => i).Select(i => (long)i);
        var (many, manyLogDet) = Call(points.Select(all));
        var first = points.Select([0]);
        var (same, sameLogDet) = Call(new(first.X.expand_as(points.X), first.Context?.expand_as(points.Context!)));
        var name = $"{way.Name}WithLogDet of the points {Times} times over";
        var nameOfSame = $"{way.Name}WithLogDet of the first point in all places";
        return Close.Find(name, Over(y), many, Over(at.OfMap)) ?? Close.Find($"{name}, LogDet", Over(logDet), manyLogDet, Over(at.OfLogDet))
            ?? Close.Find(nameOfSame, First(y), same, First(at.OfMap)) ?? Close.Find($"{nameOfSame}, LogDet", First(logDet), sameLogDet, First(at.OfLogDet));

        (Tensor Y, Tensor LogDet) Call(Points p) => way.GoWithLogDet(p.X, p.Context);

        static Tensor Over(Tensor z) => cat([.. Enumerable.Repeat(z, Times)]);

        static Tensor First(Tensor z) => z.narrow(0, 0, 1).expand_as(z);
    }

    private static Points Grid(Points points)
    {
        var rows = points.Count % 2 == 0 ? 2 : 1;
        return new(
            points.X.unflatten(0, [rows, points.Count / rows]),
            points.Context?.unflatten(0, [rows, points.Count / rows]));
    }

    /// <summary>One context for the whole batch is that context for each of its points.</summary>
    private static Mismatch? Shared(Trial trial, Way way, Points points)
    {
        if (points.Context is null)
        {
            return null;
        }

        var each = points with { Context = points.Context[0].unsqueeze(0).expand_as(points.Context) };
        var at = trial.Conditioning(way, each);
        var (y, logDet) = way.GoWithLogDet(each.X, each.Context);
        var (sharedY, sharedLogDet) = way.GoWithLogDet(points.X, points.Context[0]);
        var name = $"{way.Name}WithLogDet with one context for all points";
        return Close.Find(name, y, sharedY, at.OfMap) ?? Close.Find($"{name}, LogDet", logDet, sharedLogDet, at.OfLogDet);
    }
}
