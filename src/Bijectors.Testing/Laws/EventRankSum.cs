using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>Counting batch dimensions to the event sums the log-det over them, in whatever order they lie in memory.</summary>
internal sealed class EventRankSum : Law
{
    public override string Statement =>
        "a larger eventRank sums the log-det over the further dimensions, however they are laid out in memory";

    public override string UsualCause =>
        "eventRank is ignored, or a log-det that many entries share is counted once; LogDets.Sum does both right.";

    public override IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float64, ScalarType.Float32];

    protected override void Check(Trial trial)
    {
        using var grad = no_grad();
        foreach (var way in Way.Both(trial.Bijector, trial.Case.Shape))
        {
            var points = way.Sample(trial, 1, 2, 3);
            var own = way.GoWithLogDet(points.X, points.Context, way.OwnRank).LogDet;
            for (var rank = way.OwnRank; rank <= way.FromShape.Rank + 2; rank++)
            {
                var summed = rank == way.OwnRank ? own : own.sum([.. Enumerable.Range(1, rank - way.OwnRank).Select(i => (long)-i)]);
                var (y, logDet) = way.GoWithLogDet(points.X, points.Context, rank);
                Compare(trial, $"{way.Name}WithLogDet({way.PointName}, eventRank: {rank}).LogDet", summed, logDet, own);
                Turned(trial, way, points, rank, y, own);
            }
        }
    }

    /// <summary>The same points with the two batch dimensions swapped, which is also a point that is not contiguous.</summary>
    private void Turned(Trial trial, Way way, Points points, int rank, Tensor y, Tensor own)
    {
        var (turnedY, turned) = way.GoWithLogDet(points.X.transpose(0, 1), points.Context?.transpose(0, 1), rank);
        var turnedOwn = own.transpose(0, 1);
        var summed = rank == way.OwnRank ? turnedOwn : turnedOwn.sum([.. Enumerable.Range(1, rank - way.OwnRank).Select(i => (long)-i)]);
        var name = $"{way.Name}WithLogDet({way.PointName} with its batch dimensions swapped, eventRank: {rank})";
        Compare(trial, name, y.transpose(0, 1), turnedY, y);
        Compare(trial, $"{name}.LogDet", summed, turned, own);
    }

    private void Compare(Trial trial, string what, Tensor expected, Tensor got, Tensor terms)
    {
        // Sums of the same terms in another order; one nat an entry for what cancelled inside a term.
        var allowed = full_like(expected, trial.Rounding * (terms.to(ScalarType.Float64).abs().nansum().item<double>() + trial.Case.Shape.Size * 6));
        if (Close.Find(what, expected, got, allowed) is { } mismatch)
        {
            throw trial.Violation(this, mismatch);
        }
    }
}
