using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>
/// Counting batch dimensions to the event sums the log-det over them, in whatever order they lie in memory.
/// </summary>
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
                var summed = rank == way.OwnRank
                    ? own
                    : own.sum([.. Enumerable.Range(1, rank - way.OwnRank).Select(i => (long)-i)]);
                var (y, logDet) = way.GoWithLogDet(points.X, points.Context, rank);
                Compare(trial, $"{way.Name}WithLogDet({way.PointName}, eventRank: {rank}).LogDet", summed, logDet, own);
                Turned(trial, way, points, rank, y, own);
            }
        }
    }

    /// <summary>
    /// The same points with the two batch dimensions swapped, which is also a point that is not contiguous.
    /// </summary>
    private void Turned(Trial trial, Way way, Points points, int rank, Tensor y, Tensor own)
    {
        var other = new Points(points.X.transpose(0, 1), points.Context?.transpose(0, 1));
        var (turnedY, turned) = way.GoWithLogDet(other.X, other.Context, rank);
        var name = $"{way.Name}WithLogDet({way.PointName} with its batch dimensions swapped, eventRank: {rank})";
        Compare(trial, name, y.transpose(0, 1), turnedY, y);
        if (!way.Bijector.HasRandomLogDet)
        {
            Compare(trial, $"{name}.LogDet", Summed(own), turned, own);
            return;
        }

        if (trial.DType != ScalarType.Float64 || rank != way.FromShape.Rank)
        {
            return;
        }

        // Other noise meets each point. What the terms of one call have in common, their errors add up at most.
        var (mean, error) = Estimated.Few(way, points, way.OwnRank);
        var got = Estimated.Few(way, other, rank);
        var allowed = full_like(got.Mean, trial.Rounding * mean.abs().sum().item<double>());
        if (Estimated.Agree($"{name}.LogDet", (Summed(mean), Summed(error)), got, allowed) is { } mismatch)
        {
            throw trial.Violation(this, mismatch);
        }

        Tensor Summed(Tensor terms)
        {
            var swapped = terms.transpose(0, 1);
            return rank == way.OwnRank
                ? swapped
                : swapped.sum([.. Enumerable.Range(1, rank - way.OwnRank).Select(i => (long)-i)]);
        }
    }

    private void Compare(Trial trial, string what, Tensor expected, Tensor got, Tensor terms)
    {
        // Sums of the same terms in another order; one nat an entry for what cancelled inside a term.
        var allowed = full_like(expected,
            trial.Rounding * (terms.to(ScalarType.Float64).abs().nansum().item<double>() + trial.Case.Shape.Size * 6));
        if (Close.Find(what, expected, got, allowed) is { } mismatch)
        {
            throw trial.Violation(this, mismatch);
        }
    }
}
