using Bijectors.Testing;
using Bijectors.Testing.FsCheck;
using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.PropertyTesting;

/// <summary>What is generated is valid and the same for the same seed.</summary>
public sealed class GenerationTests
{
    public static TheoryData<Domain> Domains =>
    [
        Domain.Real, Domain.Positive, Domain.Unit, Domain.Interval(-3, 0.25),
        Domain.Interval(double.NegativeInfinity, -1),
        PartsDomain.Of(Domain.Positive, Domain.Real, Partition.Halves()),
        (new Reverse() >> new Log().On(Partition.First(1))).Domain,
    ];

    [Fact]
    public void Shapes_are_small_and_of_every_rank()
    {
        var shapes = Drawn(Arbitraries.Shapes(), 300);
        Assert.Equal([0, 1, 2, 3], shapes.Select(shape => shape.Rank).Distinct().Order());
        Assert.All(shapes.SelectMany(shape => shape.ToArray()), size => Assert.InRange(size, 1, 4));
        Assert.All(Drawn(Arbitraries.Shapes(maxRank: 1, maxSize: 2), 50),
            shape => Assert.True(shape.Rank <= 1 && shape.Size <= 2));
    }

    [Fact]
    public void Domains_are_bounded_on_no_side_on_one_and_on_both()
    {
        var ends = Drawn(Arbitraries.Domains(), 200).Cast<Interval>()
            .Select(domain => (double.IsInfinity(domain.Low), double.IsInfinity(domain.High)));
        Assert.Equal(4, ends.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Domains))]
    public void Points_lie_in_their_domain(Domain domain)
    {
        foreach (var point in Drawn(Arbitraries.Points(domain, Shape.Of(2, 4)), 100))
        {
            using var x = point.ToTensor();
            Assert.Equal([2, 4], x.shape);
            Assert.True(domain.Contains(x).all().item<bool>(), $"{point} is not in {domain}");
        }
    }

    [Fact]
    public void Some_points_lie_close_to_an_end()
    {
        Assert.Contains(Drawn(Arbitraries.Points(Domain.Unit, Shape.Vector(3)), 100),
            point => point.Values.Any(value => value < 1e-9));
    }

    [Fact]
    public void A_point_becomes_a_tensor_of_any_dtype()
    {
        var point = new Point(Shape.Of(2, 2), [1, 2, 3, 0.1]);
        using var x = point.ToTensor(ScalarType.Float32);
        Assert.Equal(ScalarType.Float32, x.dtype);
        Assert.Equal(0.1f, x[1, 1].item<float>());
        Assert.Equal("[1, 2, 3, 0.1] as (2, 2)", point.ToString());
        Assert.Throws<ShapeException>(() => new Point(Shape.Vector(2), [1]));
    }

    [Fact]
    public void Flows_grow_with_the_size()
    {
        var steps = new[] { 1, 100 }.Select(size => Arbitraries.Flows(size: 8).Generator.Sample(50, new Rnd(1, 1), size)
            .Average(flow => flow.Forms.Count())).ToArray();
        Assert.True(steps[0] < steps[1]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_values()
    {
        Assert.Equal(Drawn(Arbitraries.Flows(), 30), Drawn(Arbitraries.Flows(), 30));
        Assert.Equal(Drawn(Arbitraries.Shapes(), 30), Drawn(Arbitraries.Shapes(), 30));
        Assert.Equal(Drawn(Arbitraries.Points(Domain.Positive, Shape.Vector(3)), 30),
            Drawn(Arbitraries.Points(Domain.Positive, Shape.Vector(3)), 30));
        Assert.NotEqual(Drawn(Arbitraries.Flows(), 30), Arbitraries.Flows().Generator.Sample(30, new Rnd(2, 1), 50));
    }

    private static IReadOnlyList<T> Drawn<T>(Arbitrary<T> arbitrary, int count) =>
        [.. arbitrary.Generator.Sample(count, new Rnd(1, 1), 50)];
}
