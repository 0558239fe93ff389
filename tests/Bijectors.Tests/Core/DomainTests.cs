using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

public sealed class DomainTests : IDisposable
{
    private const double Infinity = double.PositiveInfinity;
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(1);

    public void Dispose()
    {
        _scope.Dispose();
        _generator.Dispose();
    }

    [Fact]
    public void An_end_is_never_minus_zero()
    {
        var interval = new Interval(-0.0, 1);
        Assert.Equal(double.PositiveInfinity, 1 / interval.Low);
        Assert.Equal(double.PositiveInfinity, 1 / new Interval(-1, -0.0).High);
        Assert.Equal(Domain.Positive, (new Sigmoid() >> new Log() >> new Scale(-4) >> new Reciprocal()).Codomain);
    }

    [Fact]
    public void An_interval_is_open_and_not_empty()
    {
        Assert.Equal([false, true, false, false], Contains(Domain.Unit, 0, 0.5, 1, double.NaN));
        Assert.Throws<ArgumentException>(() => Domain.Interval(1, 1));
        Assert.Throws<ArgumentException>(() => Domain.Interval(2, 1));
        Assert.Throws<ArgumentException>(() => Domain.Interval(double.NaN, 1));
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    public void Points_of_an_interval_lie_in_it_and_reach_into_all_of_it(ScalarType dtype)
    {
        (Domain Domain, double[] Low, double[] High)[] cases =
        [
            (Domain.Real, [-9, -3], [3, 9]),
            (Domain.Interval(5, Infinity), [5, 5.2], [10, 200]),
            (Domain.Interval(-Infinity, -5), [-200, -10], [-5.2, -5]),
            (Domain.Interval(2, 6), [2, 2.1], [5.9, 6]),
            (Domain.Interval(-6, -2), [-6, -5.9], [-2.1, -2]),
        ];
        foreach (var (domain, low, high) in cases)
        {
            var points = domain.Sample([100, 10], dtype, _generator);
            Assert.Equal((dtype, 2), (points.dtype, points.dim()));
            Assert.True(domain.Contains(points).all().item<bool>());
            Assert.InRange(points.min().to(ScalarType.Float64).item<double>(), low[0], low[1]);
            Assert.InRange(points.max().to(ScalarType.Float64).item<double>(), high[0], high[1]);
        }
    }

    [Fact]
    public void The_ends_of_an_interval_are_approached_from_inside()
    {
        Assert.Equal([-30, 30], Domain.Real.EdgePoints(ScalarType.Float64));
        Assert.Equal([-15, 15], Domain.Real.EdgePoints(ScalarType.Float32));
        Assert.Equal([1e-12, 30], Domain.Positive.EdgePoints(ScalarType.Float64));
        Assert.Equal([1e-5, 1 - 1e-5], Domain.Unit.EdgePoints(ScalarType.Float32));

        // Near in units of the end where it is large, and far from an end that is far out.
        Assert.Equal([200 + 200e-12, 230], Domain.Interval(200, Infinity).EdgePoints(ScalarType.Float64));
        Assert.Equal([-30, 200 - 200e-12], Domain.Interval(-Infinity, 200).EdgePoints(ScalarType.Float64));
        Assert.Equal([-300 + 300e-12, -200 - 200e-12], Domain.Interval(-300, -200).EdgePoints(ScalarType.Float64));

        // What does not lie inside is left out.
        Assert.Equal([-50 - 50e-12], Domain.Interval(-Infinity, -50).EdgePoints(ScalarType.Float64));
        Assert.Empty(Domain.Interval(0, 1e-13).EdgePoints(ScalarType.Float64));
        Assert.Empty(Domain.Interval(-1e-12, 0).EdgePoints(ScalarType.Float64));
        Assert.Empty(Domain.Interval(0, 1e-12).EdgePoints(ScalarType.Float64));
    }

    [Fact]
    public void The_nearest_point_of_a_half_line_is_inside_it()
    {
        var x = torch.tensor([-1.0, 0, 2]);
        Assert.True((Domain.Positive.Nearest(x) > 0).all().item<bool>());
        Assert.Equal(2, Domain.Positive.Nearest(x)[2].item<double>());
        Assert.True((Domain.Interval(double.NegativeInfinity, 1).Nearest(x) < 1).all().item<bool>());
        Assert.True(Domain.Real.Nearest(x).Equals(x));
    }

    [Fact]
    public void Intervals_are_compared_by_their_ends()
    {
        Assert.True(Domain.Unit.Includes(Domain.Interval(0, 1)));
        Assert.True(Domain.Unit.Includes(Domain.Interval(0.5, 0.75)));
        Assert.False(Domain.Unit.Includes(Domain.Interval(-0.5, 0.5)));
        Assert.False(Domain.Unit.Includes(Domain.Interval(0.5, 1.5)));
        Assert.Equal(Domain.Interval(0.5, 1), Domain.Unit.Intersect(Domain.Interval(0.5, 7)));
        Assert.Equal(Domain.Interval(0, 7), Domain.Unit.Hull(Domain.Interval(0.5, 7)));
        Assert.Throws<ArgumentException>(() => Domain.Unit.Intersect(Domain.Interval(1, 2)));
        Assert.Equal(["Real", "Positive", "(0, 1)"],
            new[] { Domain.Real, Domain.Positive, Domain.Unit }.Select(d => d.ToString()));
    }

    [Fact]
    public void Parts_are_compared_one_by_one()
    {
        var halves = Partition.Halves();
        var parts = PartsDomain.Of(Domain.Unit, Domain.Positive, halves);
        Assert.Equal([true, true, true, true], Contains(parts, 0.5, 0.7, 1, 5));
        Assert.Equal([false, true, false, true], Contains(parts, 2, 0.7, -1, 5));
        Assert.True(Domain.Positive.Includes(parts) && Domain.Real.Includes(parts));
        Assert.False(Domain.Unit.Includes(parts) || Domain.Interval(1, 2).Includes(parts)
            || Domain.Interval(0, 2).Includes(parts));
        Assert.False(PartsDomain.Of(Domain.Interval(-1, 0), Domain.Unit, halves) is var below
            && Domain.Positive.Includes(below));
        Assert.True(parts.Includes(Domain.Interval(0.1, 0.2)));
        Assert.False(parts.Includes(Domain.Interval(0.1, 2)) || parts.Includes(Domain.Interval(-1, 0.5)));

        var narrow = PartsDomain.Of(Domain.Interval(0.2, 0.4), Domain.Interval(2, 4), halves);
        Assert.True(parts.Includes(narrow));
        Assert.False(narrow.Includes(parts));
        Assert.False(parts.Includes(PartsDomain.Of(Domain.Interval(0.2, 0.4), Domain.Interval(-2, 4), halves)));
        Assert.False(parts.Includes(PartsDomain.Of(Domain.Interval(-0.2, 0.4), Domain.Interval(2, 4), halves)));

        // By another partition the same intervals are another set.
        var mixed = PartsDomain.Of(Domain.Interval(0.2, 0.4), Domain.Interval(2, 4), Partition.Alternating());
        Assert.False(parts.Includes(mixed));
        Assert.True(parts.Includes(
            PartsDomain.Of(Domain.Interval(0.2, 0.4), Domain.Interval(0.5, 1), Partition.Alternating())));
    }

    [Fact]
    public void Parts_meet_and_join_one_by_one()
    {
        var halves = Partition.Halves();
        var parts = PartsDomain.Of(Domain.Unit, Domain.Positive, halves);
        var other = PartsDomain.Of(Domain.Interval(0.5, 2), Domain.Interval(-3, 4), halves);
        Assert.Equal(PartsDomain.Of(Domain.Interval(0.5, 1), Domain.Interval(0, 4), halves), parts.Intersect(other));
        Assert.Equal(PartsDomain.Of(Domain.Interval(0, 2), Domain.Interval(-3, Infinity), halves), parts.Hull(other));
        Assert.Equal(PartsDomain.Of(Domain.Interval(0.5, 1), Domain.Interval(0.5, 3), halves),
            parts.Intersect(Domain.Interval(0.5, 3)));
        Assert.Equal(PartsDomain.Of(Domain.Interval(0.5, 1), Domain.Interval(0.5, 3), halves),
            Domain.Interval(0.5, 3).Intersect(parts));
        Assert.Equal(Domain.Interval(-3, Infinity), parts.Hull(Domain.Interval(-3, 0.5)));
        Assert.Equal(Domain.Interval(-3, Infinity), Domain.Interval(-3, 0.5).Hull(parts));
        Assert.Equal(Domain.Interval(-3, Infinity),
            parts.Hull(PartsDomain.Of(Domain.Interval(0.5, 2), Domain.Interval(-3, 4), Partition.Alternating())));

        // Equal intervals are one interval, whatever the partition.
        Assert.Equal(Domain.Unit, PartsDomain.Of(Domain.Unit, Domain.Interval(0, 1), halves));
        Assert.Equal(Domain.Unit, parts.Intersect(Domain.Unit));
    }

    [Fact]
    public void Parts_are_equal_where_both_domains_and_the_partition_are()
    {
        Domain Of(double low, double high, Partition partition) =>
            PartsDomain.Of(Domain.Interval(low, 9), Domain.Interval(high, 9), partition);
        var parts = Of(1, 2, Partition.Halves());
        Assert.Equal(parts, Of(1, 2, Partition.Halves()));
        Assert.Equal(parts.GetHashCode(), Of(1, 2, Partition.Halves()).GetHashCode());
        Assert.NotEqual(parts, Of(0, 2, Partition.Halves()));
        Assert.NotEqual(parts, Of(1, 3, Partition.Halves()));
        Assert.NotEqual(parts, Of(1, 2, Partition.Halves(-2)));
        Assert.False(parts.Equals(null));
        Assert.Equal("(1, 9) x (2, 9) by Halves(-1)", parts.ToString());
    }

    [Fact]
    public void Points_of_parts_lie_in_them_and_ends_in_both()
    {
        var parts = PartsDomain.Of(Domain.Interval(5, 6), Domain.Interval(-6, -5), Partition.Halves(-2));
        var points = parts.Sample([7, 3, 2], ScalarType.Float64, _generator);
        Assert.Equal([7, 3, 2], points.shape);
        Assert.True(
            (points.narrow(1, 0, 2) > 5).all().item<bool>() && (points.narrow(1, 2, 1) < -5).all().item<bool>());
        Assert.True(parts.Contains(points).all().item<bool>());
        Assert.Empty(parts.EdgePoints(ScalarType.Float64));
        Assert.Equal(
            [1e-12, 1 - 1e-12],
            PartsDomain.Of(Domain.Unit, Domain.Positive, Partition.Halves()).EdgePoints(ScalarType.Float64).Order());
        Assert.Equal(
            [1e-12, 1 - 1e-12],
            PartsDomain.Of(Domain.Positive, Domain.Unit, Partition.Halves()).EdgePoints(ScalarType.Float64).Order());
    }

    [Fact]
    public void A_rearranged_domain_is_its_inner_one_for_the_same_rearrangement()
    {
        var reverse = new Reverse();
        Domain Moved(Domain inner, Bijector? by = null) => RearrangedDomain.Of(by ?? reverse, inner);
        Domain Parts(double low, double high) =>
            PartsDomain.Of(Domain.Interval(low, 9), Domain.Interval(high, 9), Partition.Halves());
        var moved = Moved(Parts(1, 2));
        Assert.Equal([true, true, true], Contains(moved, 3, 3, 1.5));
        Assert.Equal([false, true, true], Contains(moved, 1.5, 3, 3));
        Assert.True(moved.Includes(Moved(Parts(3, 4))));
        Assert.False(moved.Includes(Moved(Parts(0, 4))));
        Assert.True(moved.Includes(Domain.Interval(3, 4)));
        Assert.False(moved.Includes(Domain.Interval(1, 4)));
        Assert.False(moved.Includes(Moved(Parts(3, 4), new Reverse())));
        Assert.False(moved.Includes(Parts(3, 4)));
        Assert.Equal(Moved(Parts(3, 4)), moved.Intersect(Moved(Parts(3, 4))));
        Assert.Equal(Moved(Parts(3, 4)), Moved(Parts(3, 4)).Intersect(Domain.Interval(0, 20)));
        Assert.Equal(moved, moved.Hull(Moved(Parts(3, 4))));
        Assert.Equal(Domain.Interval(0, 20), moved.Hull(Domain.Interval(0, 20)));
        Assert.True(Domain.Positive.Includes(moved));
        Assert.False(Domain.Unit.Includes(moved));

        // What does not depend on places is not moved.
        Assert.Same(Domain.Unit, Moved(Domain.Unit));
        Assert.Equal(moved.EdgePoints(ScalarType.Float64), Parts(1, 2).EdgePoints(ScalarType.Float64));
        Assert.NotEmpty(moved.EdgePoints(ScalarType.Float64));
    }

    [Fact]
    public void Domains_are_scaled_with_their_parts()
    {
        Assert.Equal(Domain.Interval(-5, 1), Domain.Interval(0, 3).Scaled(-2, 1));
        Assert.Equal(Domain.Interval(1, 7), Domain.Interval(0, 3).Scaled(2, 1));
        var parts = PartsDomain.Of(Domain.Unit, Domain.Positive, Partition.Halves());
        var scaled = PartsDomain.Of(Domain.Interval(-1, 0), Domain.Interval(-Infinity, 0), Partition.Halves());
        Assert.Equal(scaled, parts.Scaled(-1, 0));
        var f = new Reverse();
        Assert.Equal(RearrangedDomain.Of(f, scaled), RearrangedDomain.Of(f, parts).Scaled(-1, 0));
        Assert.Equal(PartOf.Of(Domain.Interval(2, 4)), PartOf.Of(Domain.Unit).Scaled(2, 2));
    }

    [Fact]
    public void A_part_of_a_domain_includes_nothing_and_lies_in_what_holds_the_whole()
    {
        var part = PartOf.Of(Domain.Unit);
        Assert.True(Domain.Positive.Includes(part));
        Assert.False(Domain.Interval(0.5, 2).Includes(part) || part.Includes(part) || part.Includes(Domain.Unit));
    }

    private static bool[] Contains(Domain domain, params double[] point)
    {
        using var x = tensor(point);
        using var inside = domain.Contains(x);
        return inside.data<bool>().ToArray();
    }
}
