using FsCheck;
using FsCheck.Fluent;

namespace Bijectors.Testing.FsCheck;

/// <summary>
/// Random values for properties of bijectors, and simpler ones in their place. FsCheck's replay of a seed gives the
/// same values again.
/// </summary>
/// <example><code>
/// Prop.ForAll(Arbitraries.Flows(), flow => BijectorLaws.Check(flow.Case(seed: 0))).QuickCheckThrowOnFailure();
/// </code></example>
public static class Arbitraries
{
    private const int MostSteps = 20;

    /// <summary>Small event shapes. They shrink towards fewer dimensions and smaller sizes.</summary>
    /// <param name="maxRank">The most dimensions.</param>
    /// <param name="maxSize">The most entries along a dimension.</param>
    /// <exception cref="ArgumentException">The rank is negative or the size not positive.</exception>
    public static Arbitrary<Shape> Shapes(int maxRank = 3, int maxSize = 4)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxRank);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxSize);
        var shapes =
            from rank in Gen.Choose(0, maxRank)
            from sizes in Gen.Choose(1, maxSize).ArrayOf(rank)
            select Shape.Of([.. sizes.Select(size => (long)size)]);
        return Arb.From(shapes, Simpler.Shapes);
    }

    /// <summary>
    /// All reals, half-lines and intervals with simple ends. They shrink towards all reals and short numbers.
    /// </summary>
    public static Arbitrary<Domain> Domains()
    {
        var ends = Gen.Choose(-16, 16).Select(quarters => quarters / 4.0);
        var domains = Gen.Frequency(
            (2, Gen.Constant(Domain.Real)),
            (1, Gen.Constant(Domain.Positive)),
            (1, Gen.Constant(Domain.Unit)),
            (1, ends.Select(low => Domain.Interval(low, double.PositiveInfinity))),
            (1, ends.Select(high => Domain.Interval(double.NegativeInfinity, high))),
            (2, from low in ends from width in Gen.Choose(1, 16) select Domain.Interval(low, low + (width / 4.0))));
        return Arb.From(domains, Simpler.Domains);
    }

    /// <summary>
    /// Points of a domain: well inside, sometimes with entries close to an end or far out. They shrink towards zeros,
    /// whole and short numbers inside the domain.
    /// </summary>
    /// <param name="domain">Where the entries lie; that of a bijector, for example.</param>
    /// <param name="shape">The shape of the points.</param>
    public static Arbitrary<Point> Points(Domain domain, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return Arb.From(DrawnPoints.Of(domain, shape), point => Simpler.Points(domain, point));
    }

    /// <summary>
    /// Flows of one step: a bijector of its own, or a composition. They shrink as <see cref="Flows"/> do.
    /// </summary>
    public static Arbitrary<RandomFlow> Bijectors() => Flows(1);

    /// <summary>
    /// Flows drawn from the whole algebra, larger ones as FsCheck's size grows. They shrink to flows with fewer steps,
    /// on smaller shapes, without a context, with simpler options.
    /// </summary>
    /// <param name="size">The largest size, see <see cref="RandomFlow.Draw"/>.</param>
    /// <exception cref="ArgumentException">The size is not 1 to 20.</exception>
    public static Arbitrary<RandomFlow> Flows(int size = 4)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MostSteps);
        var flows = Gen.Sized(growth =>
            Gen.Choose(0, int.MaxValue - 1)
                .Select(seed => RandomFlow.Draw(seed, 1 + (Math.Min(growth, 100) * (size - 1) / 100))));
        return Arb.From(flows, flow => flow.Smaller());
    }
}
