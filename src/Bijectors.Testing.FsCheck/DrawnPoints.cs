using FsCheck;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace Bijectors.Testing.FsCheck;

/// <summary>Draws points of a domain.</summary>
internal static class DrawnPoints
{
    public static Gen<Point> Of(Domain domain, Shape shape)
    {
        var inside = Gen.Choose(0, int.MaxValue - 1).Select(seed => Sampled(domain, shape, seed));
        var edges = domain.EdgePoints(ScalarType.Float64);
        if (edges.Count == 0)
        {
            return inside;
        }

        // What lies in no part of the domain is drawn again as it was.
        var atEdge =
            from point in inside
            from entry in Gen.Choose(0, (int)shape.Size - 1)
            from edge in Gen.Elements<double>(edges)
            let moved = new Point(shape, point.Values.SetItem(entry, edge))
            select Contains(domain, moved) ? moved : point;
        return Gen.Frequency((4, inside), (1, atEdge));
    }

    /// <summary>Whether all entries lie in the domain.</summary>
    public static bool Contains(Domain domain, Point point)
    {
        using var x = point.ToTensor();
        using var inside = domain.Contains(x);
        using var all = inside.all();
        return all.item<bool>();
    }

    private static Point Sampled(Domain domain, Shape shape, int seed)
    {
        using var generator = new Generator((ulong)seed);
        using var x = domain.Sample(shape.ToArray(), ScalarType.Float64, generator);
        using var flat = x.flatten();
        return new(shape, flat.data<double>());
    }
}
