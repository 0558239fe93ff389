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

    protected override void Check(LawContext lawContext)
    {
        using var grad = no_grad();
        foreach (var direction in Direction.Both(lawContext.Bijector, lawContext.Case.Shape))
        {
            var points = direction.Sample(lawContext, 1, 2, 3);
            var own = direction.ApplyWithLogDet(points.X, points.Context, direction.OwnRank).LogDet;
            for (var rank = direction.OwnRank; rank <= direction.FromShape.Rank + 2; rank++)
            {
                var summed = rank == direction.OwnRank
                    ? own
                    : own.sum([.. Enumerable.Range(1, rank - direction.OwnRank).Select(i => (long)-i)]);
                var (y, logDet) = direction.ApplyWithLogDet(points.X, points.Context, rank);
                Compare(lawContext, $"{direction.Name}WithLogDet({direction.PointName}, eventRank: {rank}).LogDet",
                    summed, logDet, own);
                Turned(lawContext, direction, points, rank, y, own);
            }
        }
    }

    /// <summary>
    /// The same points with the two batch dimensions swapped, which is also a point that is not contiguous.
    /// </summary>
    private void Turned(LawContext lawContext, Direction direction, Points points, int rank, Tensor y, Tensor own)
    {
        var other = new Points(points.X.transpose(0, 1), points.Context?.transpose(0, 1));
        var (turnedY, turned) = direction.ApplyWithLogDet(other.X, other.Context, rank);
        var name =
            $"{direction.Name}WithLogDet({direction.PointName} with its batch dimensions swapped, eventRank: {rank})";
        Compare(lawContext, name, y.transpose(0, 1), turnedY, y);
        if (!direction.Bijector.HasRandomLogDet)
        {
            Compare(lawContext, $"{name}.LogDet", Summed(own), turned, own);
            return;
        }

        if (lawContext.DType != ScalarType.Float64 || rank != direction.FromShape.Rank)
        {
            return;
        }

        // Other noise meets each point. What the terms of one call have in common, their errors add up at most.
        var (mean, error) = Estimated.Few(direction, points, direction.OwnRank);
        var got = Estimated.Few(direction, other, rank);
        var allowed = full_like(got.Mean, lawContext.Rounding * mean.abs().sum().item<double>());
        if (Estimated.Agree($"{name}.LogDet", (Summed(mean), Summed(error)), got, allowed) is { } mismatch)
        {
            throw lawContext.Violation(this, mismatch);
        }

        Tensor Summed(Tensor terms)
        {
            var swapped = terms.transpose(0, 1);
            return rank == direction.OwnRank
                ? swapped
                : swapped.sum([.. Enumerable.Range(1, rank - direction.OwnRank).Select(i => (long)-i)]);
        }
    }

    private void Compare(LawContext lawContext, string what, Tensor expected, Tensor got, Tensor terms)
    {
        // Sums of the same terms in another order; one nat an entry for what cancelled inside a term.
        var allowed = full_like(expected,
            lawContext.Rounding * (terms.to(ScalarType.Float64).abs().nansum().item<double>()
                + lawContext.Case.Shape.Size * 6));
        if (Close.Find(what, expected, got, allowed) is { } mismatch)
        {
            throw lawContext.Violation(this, mismatch);
        }
    }
}
