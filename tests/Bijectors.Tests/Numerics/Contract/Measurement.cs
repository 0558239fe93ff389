using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerics;

/// <summary>Where a bijector is measured.</summary>
internal enum Region
{
    /// <summary>At seeded points over its domain, as the laws draw them: half of them twice as far out.</summary>
    Domain,

    /// <summary>Close to the ends of its domain, and far out where it has none.</summary>
    Edges,
}

/// <summary>An error of a bijector, the worst of both directions.</summary>
/// <param name="Worst">The largest error; NaN where every point is saturated.</param>
/// <param name="OfRounding">The largest error in units of what rounding explains there: at most 1 for a map that
/// is right.</param>
/// <param name="Explained">The most that rounding explains where anything is measured, in the unit of
/// <paramref name="Worst"/>.</param>
/// <param name="Saturated">The share of what was looked at where rounding explains more than a hundredth, so that
/// nothing is measured.</param>
internal readonly record struct Error(double Worst, double OfRounding, double Explained, double Saturated)
{
    public static Error Of(IReadOnlyList<(Tensor Error, Tensor Explained, Tensor Unit)> measured)
    {
        var (error, explained, unit) =
            (Flat(measured.Select(one => one.Error)), Flat(measured.Select(one => one.Explained)),
                Flat(measured.Select(one => one.Unit)));
        var told = explained <= unit / 100;
        var saturated = 1 - told.to(ScalarType.Float64).mean().item<double>();
        return saturated == 1
            ? new(double.NaN, 0, 0, 1)
            : new(Greatest(error / unit, told), Greatest(where(error == 0, 0, error / explained), told),
                Greatest(explained / unit, told), saturated);
    }

    private static double Greatest(Tensor x, Tensor told) =>
        where(told, x, 0).nan_to_num(double.PositiveInfinity).max().item<double>();

    private static Tensor Flat(IEnumerable<Tensor> parts) => cat([.. parts.Select(part => part.flatten())]);
}

/// <summary>What was measured of an entry of the catalogue in one dtype.</summary>
/// <param name="RoundTrip">There and back again, relative to <c>1 + |x|</c>.</param>
/// <param name="LogDet">The log-det against that of the autograd Jacobian in float64, in nats per dimension.</param>
/// <param name="IsVolumePreserving">True where the log-det is zero by construction.</param>
/// <param name="OnlyMoves">True where numbers are put elsewhere or negated and none is computed, so that the round trip
/// is exact.</param>
internal sealed record Measurement(Error RoundTrip, Error LogDet, bool IsVolumePreserving, bool OnlyMoves)
{
    private const int Points = 64;

    /// <summary>Measures an entry.</summary>
    public static IReadOnlyDictionary<Region, Measurement> Of(Entry entry, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var lawContext = new LawContext(new LawCase(entry.Make, entry.Shape, entry.ContextSize), dtype);
        var onlyMoves = Direction.Both(lawContext.Bijector, lawContext.Case.Shape)
            .All(direction => Rearranges(direction, lawContext));
        return Enum.GetValues<Region>().ToDictionary(region => region, region => Of(lawContext, region, onlyMoves));
    }

    /// <summary>
    /// Whether the numbers of every image are those of its point but for signs, at points of ordinary size: far out a
    /// shift is lost in rounding, on one processor and not on another.
    /// </summary>
    private static bool Rearranges(Direction direction, LawContext lawContext)
    {
        using var scope = NewDisposeScope();
        var points = direction.SampleFar(lawContext, Points);
        var (y, _) = direction.ApplyWithLogDet(points.X, points.Context);
        return y.numel() == points.X.numel() && Sizes(y).equal(Sizes(points.X)).all().item<bool>();
    }

    private static Tensor Sizes(Tensor points) => points.reshape(points.shape[0], -1).abs().sort(1).Values;

    private static Measurement Of(LawContext lawContext, Region region, bool onlyMoves)
    {
        using var scope = NewDisposeScope();
        var (roundTrips, logDets) = (new List<(Tensor, Tensor, Tensor)>(), new List<(Tensor, Tensor, Tensor)>());
        foreach (var direction in Direction.Both(lawContext.Bijector, lawContext.Case.Shape))
        {
            var points = region == Region.Domain
                ? direction.SampleFar(lawContext, Points)
                : direction.AtEdges(lawContext);
            if (points.Count == 0)
            {
                continue;
            }

            var at = new Conditioning(lawContext, direction, points);
            var (y, logDet) = direction.ApplyWithLogDet(points.X, points.Context);
            var x = points.X.to(ScalarType.Float64);
            var back = direction.Undo(y, points.Context).to(ScalarType.Float64);
            var explained = where(direction.LiesOutside(y, x), double.PositiveInfinity, at.OfReturn);
            roundTrips.Add(((back - x).abs(), explained, 1 + x.abs()));
            var dimensions = full_like(logDet, Math.Max(1, lawContext.Case.Shape.Size), ScalarType.Float64);
            if (direction.Bijector.HasRandomLogDet)
            {
                // Of estimates there is a mean to measure, as well as it is known.
                (logDet, var error) = Estimated.Few(direction, points);
                logDets.Add(((logDet - at.LogAbsDet).abs(), at.OfLogDet + (6 * error), dimensions));
                continue;
            }

            logDets.Add(((logDet.to(ScalarType.Float64) - at.LogAbsDet).abs(), at.OfLogDet, dimensions));
        }

        return new(Error.Of(roundTrips), Error.Of(logDets), lawContext.Bijector.IsVolumePreserving, onlyMoves);
    }
}
