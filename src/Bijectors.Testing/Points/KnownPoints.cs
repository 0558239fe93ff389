using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>Points that several laws look at, each drawn once, and how the map is conditioned there.</summary>
/// <remarks>To find that takes a pass through the map for every few points: it is done for all points of a way together
/// that are known by then.</remarks>
internal sealed class KnownPoints(Trial trial) : IDisposable
{
    private static readonly Func<Trial, Way, Points> s_drawn = (trial, way) => way.SampleFar(trial);
    private static readonly Func<Trial, Way, Points> s_edges = (trial, way) => way.AtEdges(trial);
    private static readonly Func<Trial, Way, Points> s_whole = (trial, way) => way.Whole(trial);

    private readonly Dictionary<(string Way, object From), Known> _known = [];

    /// <summary>The seeded points of a way that most laws look at.</summary>
    public Points Drawn(Way way) => Of(way, s_drawn, () => s_drawn(trial, way));

    /// <summary>The points of a way at the edges.</summary>
    public Points Edges(Way way) => Of(way, s_edges, () => s_edges(trial, way));

    /// <summary>The points of a way all of whose entries are the same whole number.</summary>
    public Points Whole(Way way) => Of(way, s_whole, () => s_whole(trial, way));

    /// <summary>
    /// Points with whole numbers moved halfway to the next, as far as the domain goes; kept where those that
    /// they come from are.
    /// </summary>
    public Points Beside(Way way, Points points)
    {
        return Find(way, points) is null ? Moved() : Of(way, points, Moved);

        Points Moved()
        {
            var beside = where(points.X == points.X.round(), points.X + 0.5, points.X);
            return points with { X = where(way.From.Contains(beside), beside, points.X) };
        }
    }

    /// <summary>The conditioning of a way at points; that at known points is kept.</summary>
    public Conditioning Conditioning(Way way, Points points)
    {
        if (Find(way, points) is not { } known)
        {
            return new(trial, way, points);
        }

        return known.Conditioning ?? Together(way, known);
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

    private Conditioning Together(Way way, Known asked)
    {
        using var scope = NewDisposeScope();
        List<Known> open = [
            .. _known.Where(one => one.Key.Way == way.Name && one.Value.Conditioning is null).Select(one => one.Value)];
        var all = new Conditioning(trial, way, Points.Join([.. open.Select(one => one.Points)]));
        var first = 0L;
        foreach (var one in open)
        {
            one.Conditioning = all.Of(first, one.Points.Count).Keep();
            first += one.Points.Count;
        }

        return asked.Conditioning!;
    }

    private Known? Find(Way way, Points points) =>
        _known.FirstOrDefault(one => one.Key.Way == way.Name && ReferenceEquals(one.Value.Points, points)).Value;

    private Points Of(Way way, object from, Func<Points> draw)
    {
        if (!_known.TryGetValue((way.Name, from), out var known))
        {
            known = new(draw());
            known.Points.X.DetachFromDisposeScope();
            known.Points.Context?.DetachFromDisposeScope();
            _known.Add((way.Name, from), known);
        }

        return known.Points;
    }

    private sealed class Known(Points points)
    {
        public Points Points => points;

        public Conditioning? Conditioning { get; set; }
    }
}
