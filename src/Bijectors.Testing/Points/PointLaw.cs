namespace Bijectors.Testing;

/// <summary>
/// A law that says something of every point, in both directions. What it finds is shrunk to the smallest point.
/// </summary>
internal abstract class PointLaw : Law
{
    public override IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float64, ScalarType.Float32];

    protected override void Check(LawContext lawContext)
    {
        foreach (var direction in Direction.Both(lawContext.Bijector, lawContext.Case.Shape))
        {
            if (Find(lawContext, direction) is { } found)
            {
                throw new LawViolationException(this, lawContext, Least(lawContext, found));
            }
        }

        if (Beside(lawContext) is { } mismatch)
        {
            throw lawContext.Violation(this, mismatch);
        }
    }

    internal override Violation? Look(LawContext lawContext, Recording recording)
    {
        var calls = recording.Of(lawContext).Select(call => Find(lawContext, call.Direction, call.Points));
        var drawn =
            Direction.Both(lawContext.Bijector, lawContext.Case.Shape).Select(direction => Find(lawContext, direction));
        return calls.Concat(drawn).FirstOrDefault(found => found is not null) is { } first
            ? Least(lawContext, first)
            : Beside(lawContext) is { } mismatch ? new(mismatch) : null;
    }

    /// <summary>
    /// The batches of points to test, one after another, by default that of the seeded points that most laws share.
    /// </summary>
    protected virtual IEnumerable<Points> Choose(LawContext lawContext, Direction direction) =>
        [lawContext.PointsOf(direction)];

    /// <summary>What is wrong at one of the points; null where nothing is.</summary>
    protected abstract Mismatch? Test(LawContext lawContext, Direction direction, Points points);

    /// <summary>What is wrong that is of no point; null where nothing is.</summary>
    protected virtual Mismatch? Beside(LawContext lawContext) => null;

    /// <summary>The same at the smallest points.</summary>
    private Violation Least(LawContext lawContext, Violation found)
    {
        var (direction, points) = (found.Direction!, found.Points!);
        var (least, mismatch) = Shrinking.Least(
            points, found.Mismatch, direction.From, p => Test(lawContext, direction, p),
            direction.Bijector.HasRandomLogDet);
        return new(mismatch, direction, least);
    }

    private Violation? Find(LawContext lawContext, Direction direction) =>
        Choose(lawContext, direction).Select(points => Find(lawContext, direction, points))
            .FirstOrDefault(found => found is not null);

    private Violation? Find(LawContext lawContext, Direction direction, Points points) =>
        points.Count > 0 && Test(lawContext, direction, points) is { } mismatch
            ? new(mismatch, direction, points)
            : null;
}
