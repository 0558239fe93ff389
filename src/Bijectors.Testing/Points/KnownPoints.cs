namespace Bijectors.Testing;

/// <summary>Points that several laws look at, each drawn once, and how the map is conditioned there.</summary>
/// <remarks>To find that takes a pass through the map for every few points: it is done for all points of a direction
/// together that are known by then.</remarks>
internal sealed class KnownPoints(LawContext lawContext) : IDisposable
{
    private static readonly Func<LawContext, Direction, Points> s_drawn = (lawContext, direction) =>
        direction.SampleFar(lawContext);
    private static readonly Func<LawContext, Direction, Points> s_edges = (lawContext, direction) =>
        direction.AtEdges(lawContext);
    private static readonly Func<LawContext, Direction, Points> s_whole = (lawContext, direction) =>
        direction.Whole(lawContext);

    private readonly Dictionary<(string Direction, object From), Known> _known = [];

    /// <summary>The seeded points of a direction that most laws look at.</summary>
    public Points Drawn(Direction direction) => Of(direction, s_drawn, () => s_drawn(lawContext, direction));

    /// <summary>The points of a direction at the edges.</summary>
    public Points Edges(Direction direction) => Of(direction, s_edges, () => s_edges(lawContext, direction));

    /// <summary>The points of a direction all of whose entries are the same whole number.</summary>
    public Points Whole(Direction direction) => Of(direction, s_whole, () => s_whole(lawContext, direction));

    /// <summary>
    /// Points with whole numbers moved halfway to the next, as far as the domain goes; kept where those that
    /// they come from are.
    /// </summary>
    public Points Beside(Direction direction, Points points)
    {
        return Find(direction, points) is null ? Moved() : Of(direction, points, Moved);

        Points Moved()
        {
            var beside = where(points.X == points.X.round(), points.X + 0.5, points.X);
            return points with { X = where(direction.From.Contains(beside), beside, points.X) };
        }
    }

    /// <summary>The conditioning of a direction at points; that at known points is kept.</summary>
    public Conditioning Conditioning(Direction direction, Points points)
    {
        if (Find(direction, points) is not { } known)
        {
            return new(lawContext, direction, points);
        }

        return known.Conditioning ?? Together(direction, known);
    }

    public void Dispose()
    {
        foreach (var known in _known.Values)
        {
            known.Points.X.Dispose();
            known.Points.Context?.Dispose();
            known.Conditioning?.Dispose();
        }
    }

    private Conditioning Together(Direction direction, Known asked)
    {
        using var scope = NewDisposeScope();
        List<Known> open = [
            .. _known.Where(one => one.Key.Direction == direction.Name && one.Value.Conditioning is null)
                .Select(one => one.Value)];
        var all = new Conditioning(lawContext, direction, Points.Join([.. open.Select(one => one.Points)]));
        var first = 0L;
        foreach (var one in open)
        {
            one.Conditioning = all.Of(first, one.Points.Count).Keep();
            first += one.Points.Count;
        }

        return asked.Conditioning!;
    }

    private Known? Find(Direction direction, Points points) =>
        _known.FirstOrDefault(
            one => one.Key.Direction == direction.Name && ReferenceEquals(one.Value.Points, points)).Value;

    private Points Of(Direction direction, object from, Func<Points> draw)
    {
        if (!_known.TryGetValue((direction.Name, from), out var known))
        {
            known = new(draw());
            known.Points.X.DetachFromDisposeScope();
            known.Points.Context?.DetachFromDisposeScope();
            _known.Add((direction.Name, from), known);
        }

        return known.Points;
    }

    private sealed class Known(Points points)
    {
        public Points Points => points;

        public Conditioning? Conditioning { get; set; }
    }
}
