using Bijectors.Testing;
using Bijectors.Testing.FsCheck;
using FsCheck;
using FsCheck.Fluent;

namespace Bijectors.Tests.PropertyTesting;

/// <summary>A planted failure shrinks to the simplest value that has it.</summary>
public sealed class ShrinkingTests
{
    [Fact]
    public void A_flow_with_an_exp_shrinks_to_one_exp_of_a_number()
    {
        var flow = Assert.IsType<RandomFlow>(Least(Arbitraries.Flows(8), drawn => !drawn.Forms.Contains(nameof(Exp))));
        Assert.Equal("~new Exp() on ()", flow.ToString());
    }

    [Fact]
    public void A_flow_of_images_shrinks_to_the_smallest()
    {
        var flow = Assert.IsType<RandomFlow>(Least(Arbitraries.Flows(), drawn => drawn.Shape.Rank < 3));
        Assert.Equal("new Identity() on (1, 1, 1)", flow.ToString());
    }

    [Fact]
    public void A_shape_shrinks_to_one_dimension()
    {
        Assert.Equal(Shape.Vector(3), Least(Arbitraries.Shapes(), shape => shape.Size < 3));
        Assert.Equal(Shape.Of(1, 1), Least(Arbitraries.Shapes(), shape => shape.Rank < 2));
    }

    [Fact]
    public void A_domain_shrinks_to_all_reals_or_short_ends()
    {
        Assert.Equal(Domain.Real, Least(Arbitraries.Domains(), _ => false));
        Assert.Equal(Domain.Positive, Least(Arbitraries.Domains(),
            domain => domain == Domain.Real || domain is Interval { Low: double.NegativeInfinity }));
    }

    [Fact]
    public void A_point_shrinks_to_zeros_and_one_short_number_inside_its_domain()
    {
        var point = Assert.IsType<Point>(
            Least(Arbitraries.Points(Domain.Real, Shape.Vector(3)), drawn => drawn.Values[1] < 1.2345));
        Assert.Equal(0, point.Values[0]);
        Assert.Equal(0, point.Values[2]);
        Assert.True(point.ToString().Length <= "[0, 1.2345, 0]".Length, point.ToString());
        Assert.Equal(new Point(Shape.Vector(2), [0.5, 0.5]),
            Least(Arbitraries.Points(Domain.Unit, Shape.Vector(2)), _ => false));
        Assert.Equal(new Point(Shape.Vector(2), [1, 0]), Least(
            Arbitraries.Points(PartsDomain.Of(Domain.Positive, Domain.Real, Partition.Halves()), Shape.Vector(2)),
            _ => false));
    }

    /// <summary>What FsCheck shrinks the first counterexample to.</summary>
    private static T Least<T>(Arbitrary<T> arbitrary, Func<T, bool> holds)
    {
        var failing = arbitrary.Generator.Sample(300, new Rnd(1, 1), 60).First(value => !holds(value));
        while (arbitrary.Shrinker(failing).Any(value => !holds(value)))
        {
            failing = arbitrary.Shrinker(failing).First(value => !holds(value));
        }

        return failing;
    }
}
