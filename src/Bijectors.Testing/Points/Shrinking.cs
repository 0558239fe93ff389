namespace Bijectors.Testing;

/// <summary>
/// Looks for the smallest batch, and in it for the simplest points, at which the same thing is still wrong.
/// </summary>
internal sealed class Shrinking
{
    private const int Patience = 300;

    // Where a test averages many draws.
    private const int LittlePatience = 20;

    private readonly Func<Points, Mismatch?> _test;
    private readonly Domain _domain;
    private readonly string _what;
    private int _left;

    private Shrinking(Func<Points, Mismatch?> test, Domain domain, Mismatch first, int patience) =>
        (_test, _domain, _what, _left) = (test, domain, Kind(first), patience);

    /// <summary>The smallest points found, and what is wrong there.</summary>
    public static (Points Points, Mismatch Mismatch) Least(
        Points points, Mismatch mismatch, Domain domain, Func<Points, Mismatch?> test, bool isSlow = false)
    {
        var shrinking = new Shrinking(test, domain, mismatch, isSlow ? LittlePatience : Patience);
        return shrinking.SimplifyEntries(shrinking.DropPoints((points, mismatch)));
    }

    private (Points Points, Mismatch Mismatch) DropPoints((Points Points, Mismatch Mismatch) found)
    {
        // Far points go first, so that a near one is left.
        using var scope = NewDisposeScope();
        var order = found.Points.X.reshape(found.Points.Count, -1).abs().amax(1).argsort(descending: true)
            .data<long>().ToArray();
        var kept = Enumerable.Reverse(order).ToList();
        foreach (var point in order)
        {
            var fewer = kept.Where(p => p != point).ToArray();
            if (fewer.Length > 0 && Try(found.Points.Select(fewer)) is { } mismatch)
            {
                kept.Remove(point);
                found.Mismatch = mismatch;
            }
        }

        var least = found.Points.Select(kept);
        least.X.MoveToOuterDisposeScope();
        least.Context?.MoveToOuterDisposeScope();
        return (least, found.Mismatch);
    }

    private (Points Points, Mismatch Mismatch) SimplifyEntries((Points Points, Mismatch Mismatch) found)
    {
        for (var entry = 0L; entry < found.Points.X.numel(); entry++)
        {
            foreach (var simple in Simpler(found.Points.X.flatten()[entry].to(ScalarType.Float64).item<double>()))
            {
                var candidate = found.Points with { X = Replace(found.Points.X, entry, simple) };
                if (_domain.Contains(candidate.X).all().item<bool>() && Try(candidate) is { } mismatch)
                {
                    found = (candidate, mismatch);
                    break;
                }
            }
        }

        return found;
    }

    private Mismatch? Try(Points candidate)
    {
        if (--_left < 0)
        {
            return null;
        }

        try
        {
            return _test(candidate) is { } mismatch && Kind(mismatch) == _what ? mismatch : null;
        }
        catch (Exception)
        {
            // Another mistake than the one to shrink.
            return null;
        }
    }

    /// <summary>What was looked at, in whichever entry.</summary>
    private static string Kind(Mismatch mismatch) => mismatch.What.Split(", entry ")[0];

    /// <summary>Simpler numbers than this one, the simplest first.</summary>
    private static IEnumerable<double> Simpler(double value) =>
        new[] { 0, Math.Sign(value), Math.Round(value), Math.Round(value * 2) / 2, Math.Round(value, 1),
            Math.Round(value, 2) }
            .Where(simple => simple != value && Math.Abs(simple) <= Math.Abs(value) + 0.5)
            .Distinct();

    private static Tensor Replace(Tensor x, long entry, double value)
    {
        var copy = x.clone();
        copy.flatten()[entry].fill_(value);
        return copy;
    }
}
