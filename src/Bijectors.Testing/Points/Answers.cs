namespace Bijectors.Testing;

/// <summary>What the two methods of a direction give at points: the map, and the map again with its log-det.</summary>
internal sealed record Answers(Tensor Map, Tensor Fused, Tensor LogDet)
{
    public static Answers Of(Direction direction, Points points)
    {
        var (fused, logDet) = direction.ApplyWithLogDet(points.X, points.Context);
        return new(direction.Apply(points.X, points.Context), fused, logDet);
    }

    /// <summary>The first of other answers that is further off than allowed; null where none is.</summary>
    /// <param name="got">The others.</param>
    /// <param name="direction">The way that both are of.</param>
    /// <param name="ofMap">What the map may be off by.</param>
    /// <param name="ofLogDet">What the log-det may be off by.</param>
    /// <param name="name">How an answer is called, from the call that gives it.</param>
    public Mismatch? Find(Answers got, Direction direction, Tensor ofMap, Tensor ofLogDet, Func<string, string> name) =>
        Close.Find(name($"{direction.Name}({direction.PointName})"), Map, got.Map, ofMap)
            ?? Close.Find(name($"{direction.Name}WithLogDet({direction.PointName})"), Fused, got.Fused, ofMap)
            ?? Close.Find(
                name($"{direction.Name}WithLogDet({direction.PointName}).LogDet"), LogDet, got.LogDet, ofLogDet);
}
