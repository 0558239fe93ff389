namespace Bijectors.Testing;

/// <summary>A law that says something of every point, in both directions. What it finds is shrunk to the smallest point.</summary>
internal abstract class PointLaw : Law
{
    protected virtual int Count => 6;

    protected override void Check(Trial trial)
    {
        foreach (var way in Way.Both(trial.Bijector, trial.Case.Shape))
        {
            var points = Choose(trial, way);
            if (points.Count > 0 && Test(trial, way, points) is { } found)
            {
                var (least, mismatch) = Shrinking.Least(points, found, way.From, p => Test(trial, way, p));
                throw new LawViolationException(this, trial, mismatch, least);
            }
        }
    }

    /// <summary>The points to test, by default seeded ones of the side that the way starts from.</summary>
    protected virtual Points Choose(Trial trial, Way way) => way.Sample(trial, 1, Count);

    /// <summary>What is wrong at one of the points; null where nothing is.</summary>
    protected abstract Mismatch? Test(Trial trial, Way way, Points points);
}
