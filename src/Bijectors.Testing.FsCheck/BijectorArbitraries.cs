using FsCheck;
using FsCheck.Fluent;

namespace Bijectors.Testing.FsCheck;

/// <summary>What properties take as arguments, for FsCheck's own way to find it by type.</summary>
/// <example><code>
/// [Property(Arbitrary = new[] { typeof(BijectorArbitraries) })]
/// public void Flows_keep_the_laws(RandomFlow flow) => BijectorLaws.Check(flow.Case(seed: 0));
/// </code></example>
public static class BijectorArbitraries
{
    /// <summary><see cref="Arbitraries.Shapes"/></summary>
    public static Arbitrary<Shape> Shape() => Arbitraries.Shapes();

    /// <summary><see cref="Arbitraries.Domains"/></summary>
    public static Arbitrary<Domain> Domain() => Arbitraries.Domains();

    /// <summary>Points with any entries, of any small shape; they shrink to simpler ones of that shape.</summary>
    public static Arbitrary<Point> Point() => Arb.From(
        from shape in Arbitraries.Shapes().Generator
        from point in Arbitraries.Points(Bijectors.Domain.Real, shape).Generator
        select point,
        point => Arbitraries.Points(Bijectors.Domain.Real, point.Shape).Shrinker(point));

    /// <summary><see cref="Arbitraries.Flows"/></summary>
    public static Arbitrary<RandomFlow> Flow() => Arbitraries.Flows();
}
