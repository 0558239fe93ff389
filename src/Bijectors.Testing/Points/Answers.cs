using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>What the two methods of a way give at points: the map, and the map again with its log-det.</summary>
internal sealed record Answers(Tensor Map, Tensor Fused, Tensor LogDet)
{
    public static Answers Of(Way way, Points points)
    {
        var (fused, logDet) = way.GoWithLogDet(points.X, points.Context);
        return new(way.Go(points.X, points.Context), fused, logDet);
    }

    /// <summary>The first of other answers that is further off than allowed; null where none is.</summary>
    /// <param name="got">The others.</param>
    /// <param name="way">The way that both are of.</param>
    /// <param name="ofMap">What the map may be off by.</param>
    /// <param name="ofLogDet">What the log-det may be off by.</param>
    /// <param name="name">How an answer is called, from the call that gives it.</param>
    public Mismatch? Find(Answers got, Way way, Tensor ofMap, Tensor ofLogDet, Func<string, string> name) =>
        Close.Find(name($"{way.Name}({way.PointName})"), Map, got.Map, ofMap)
            ?? Close.Find(name($"{way.Name}WithLogDet({way.PointName})"), Fused, got.Fused, ofMap)
            ?? Close.Find(name($"{way.Name}WithLogDet({way.PointName}).LogDet"), LogDet, got.LogDet, ofLogDet);
}
