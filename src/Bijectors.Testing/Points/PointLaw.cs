namespace Bijectors.Testing;

/// <summary>
/// A law that says something of every point, in both directions. What it finds is shrunk to the smallest point.
/// </summary>
internal abstract class PointLaw : Law
{
    protected override void Check(Trial trial)
    {
        foreach (var way in Way.Both(trial.Bijector, trial.Case.Shape))
        {
            if (Find(trial, way) is { } found)
            {
                throw new LawViolationException(this, trial, Least(trial, found));
            }
        }

        if (Beside(trial) is { } mismatch)
        {
            throw trial.Violation(this, mismatch);
        }
    }

    internal override Violation? Look(Trial trial, Recording recording)
    {
        var calls = recording.Of(trial).Select(call => Find(trial, call.Way, call.Points));
        var drawn = Way.Both(trial.Bijector, trial.Case.Shape).Select(way => Find(trial, way));
        return calls.Concat(drawn).FirstOrDefault(found => found is not null) is { } first
            ? Least(trial, first)
            : Beside(trial) is { } mismatch ? new(mismatch) : null;
    }

    /// <summary>
    /// The batches of points to test, one after another, by default that of the seeded points that most laws share.
    /// </summary>
    protected virtual IEnumerable<Points> Choose(Trial trial, Way way) => [trial.PointsOf(way)];

    /// <summary>What is wrong at one of the points; null where nothing is.</summary>
    protected abstract Mismatch? Test(Trial trial, Way way, Points points);

    /// <summary>What is wrong that is of no point; null where nothing is.</summary>
    protected virtual Mismatch? Beside(Trial trial) => null;

    /// <summary>The same at the smallest points.</summary>
    private Violation Least(Trial trial, Violation found)
    {
        var (way, points) = (found.Way!, found.Points!);
        var (least, mismatch) = Shrinking.Least(
            points, found.Mismatch, way.From, p => Test(trial, way, p), way.Bijector.HasRandomLogDet);
        return new(mismatch, way, least);
    }

    private Violation? Find(Trial trial, Way way) =>
        Choose(trial, way).Select(points => Find(trial, way, points)).FirstOrDefault(found => found is not null);

    private Violation? Find(Trial trial, Way way, Points points) =>
        points.Count > 0 && Test(trial, way, points) is { } mismatch ? new(mismatch, way, points) : null;
}
