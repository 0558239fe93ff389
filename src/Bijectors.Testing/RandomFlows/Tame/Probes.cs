using System.Collections.Immutable;

namespace Bijectors.Testing.RandomFlows;

/// <summary>
/// A few numbers that stand for the entries of all points: usual ones, and edge points in both dtypes.
/// </summary>
internal sealed record Probes(ImmutableArray<Probe> Near, ImmutableArray<Probe> Far32, ImmutableArray<Probe> Far64)
{
    private const int Most = 24;

    /// <summary>What the laws draw from an interval, and its edge points.</summary>
    public static Probes Of(Interval interval)
    {
        double[] near = (double.IsInfinity(interval.Low), double.IsInfinity(interval.High)) switch
        {
            (true, true) => [-4.5, -2, -0.7, 0.05, 1, 3, 5],
            (false, true) => [.. new[] { -3.3, -1, 0, 1, 2.3, 4 }.Select(x => interval.Low + Math.Exp(x))],
            (true, false) => [.. new[] { -3.3, -1, 0, 1, 2.3, 4 }.Select(x => interval.High - Math.Exp(x))],
            _ => [.. new[] { 0.01, 0.1, 0.4, 0.7, 0.99 }
                .Select(u => interval.Low + ((interval.High - interval.Low) * u))],
        };
        return new(
            [.. near.Select(x => new Probe(x))],
            [.. near.Concat(interval.EdgePoints(ScalarType.Float32)).Select(x => new Probe((float)x))],
            [.. near.Concat(interval.EdgePoints(ScalarType.Float64)).Select(x => new Probe(x))]);
    }

    /// <summary>
    /// In float64, several times as far out as the usual numbers: as far as a normal density with their
    /// deviation reaches.
    /// </summary>
    public Probes Wider()
    {
        var far = 3 * Probe.Largest(Near).Value;
        return this with { Far64 = [new(-far), new(far)] };
    }

    /// <summary>The same numbers, and rare ones as far out as <paramref name="size"/>.</summary>
    public Probes Reaching(double size) => this with
    {
        Far32 = Far32.Add(new(-size)).Add(new(size)),
        Far64 = Far64.Add(new(-size)).Add(new(size)),
    };

    /// <summary>The numbers of both.</summary>
    public Probes And(Probes other) => new(
        Fewer(Near.AddRange(other.Near)), Fewer(Far32.AddRange(other.Far32)), Fewer(Far64.AddRange(other.Far64)));

    /// <summary>
    /// The numbers after a map of one number. Those outside its domain are of another part of the point; one that
    /// rounding may have brought to an end of it is lost, and one where the slope is out of range.
    /// </summary>
    /// <param name="domain">Where the map is defined.</param>
    /// <param name="map">The map, and the size of its slope, at each of some numbers.</param>
    public Probes Through(Interval domain, Func<double[], (double[] Y, double[] Slope)> map)
    {
        return new(Mapped(Near, 0, x => x), Mapped(Far32, Math.Pow(2, -23), x => (float)x),
            Mapped(Far64, Math.Pow(2, -52), x => x));

        ImmutableArray<Probe> Mapped(ImmutableArray<Probe> probes, double epsilon, Func<double, double> rounded)
        {
            Probe[] inside = [.. probes.Where(p => !(p.Value < domain.Low || p.Value > domain.High))];
            var (mapped, slopes) = map([.. inside.Select(p => p.Value)]);
            return [.. inside.Select((p, i) =>
            {
                var lost = p.Error * epsilon >= Math.Min(p.Value - domain.Low, domain.High - p.Value);
                var (y, dy) = (rounded(mapped[i]), slopes[i]);
                return lost || !double.IsFinite(y) || !double.IsFinite(rounded(dy))
                    ? Probe.Lost
                    : new Probe(y, (dy * (p.Error + Math.Abs(p.Value))) + Math.Abs(y));
            })];
        }
    }

    /// <inheritdoc cref="Through(Interval, Func{double[], ValueTuple{double[], double[]}})"/>
    /// <param name="domain">Where the map is defined.</param>
    /// <param name="map">The map.</param>
    /// <param name="slope">The size of its slope.</param>
    public Probes Through(Interval domain, Func<double, double> map, Func<double, double> slope) =>
        Through(domain, x => ([.. x.Select(map)], [.. x.Select(slope)]));

    /// <summary>
    /// The same numbers, off by the rounding of one as large as <paramref name="size"/> makes the largest.
    /// </summary>
    public Probes Blurred(Func<double, double> size)
    {
        return new(More(Near), More(Far32), More(Far64));

        ImmutableArray<Probe> More(ImmutableArray<Probe> probes)
        {
            var error = size(Probe.Largest(probes).Value);
            return [.. probes.Select(p => p with { Error = p.Error + error })];
        }
    }

    /// <summary>
    /// The numbers after a map that mixes all entries: as large as <paramref name="gain"/> makes the largest.
    /// </summary>
    public Probes Mixed(Func<double, double> gain)
    {
        var (size, error) = Probe.Largest(Near);
        var mixed = Math.Min(gain(size), 1e300);
        return new(
            [
                .. new[] { -0.9, -0.4, -0.15, 0.01, 0.2, 0.6, 1 }
                    .Select(u => new Probe(u * mixed, (error * mixed / Math.Max(size, 1e-3)) + mixed)),
            ],
            Far(Far32), Far(Far64));

        ImmutableArray<Probe> Far(ImmutableArray<Probe> far)
        {
            var edge = gain(Probe.Largest(far).Value);
            return [new(-edge, edge), new(-mixed, mixed), new(0.01, mixed), new(mixed, mixed), new(edge, edge)];
        }
    }

    private static ImmutableArray<Probe> Fewer(ImmutableArray<Probe> all)
    {
        var sorted = all.Distinct().OrderBy(p => p.Value).ToList();
        return sorted.Count <= Most
            ? [.. sorted]
            : [.. Enumerable.Range(0, Most).Select(i => sorted[i * (sorted.Count - 1) / (Most - 1)])];
    }
}
