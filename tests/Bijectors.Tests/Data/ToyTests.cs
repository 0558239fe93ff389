using Bijectors.Data;
using Xunit;
using static TorchSharp.torch;

namespace Bijectors.Tests.Data;

public sealed class ToyTests : FolderTest
{
    public static TheoryData<string> Names => [.. Datasets.ToyNames];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_toy_is_10_000_finite_points_in_the_plane(string name)
    {
        using var toy = Datasets.Toy(name);
        Assert.Equal($"{name}: 8000 + 1000 + 1000 items (2), continuous", toy.ToString());
        Assert.True(toy.Train.abs().max().item<float>() < 8);
        Assert.Equal(name == "checkerboard", toy.TrainLabels is null);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_seed_repeats_a_toy_and_another_does_not(string name)
    {
        using var first = Datasets.Toy(name, 100, 4);
        using var again = Datasets.Toy(name, 100, 4);
        using var other = Datasets.Toy(name, 100, 5);
        Assert.True(first.Train.Equals(again.Train) && first.Test.Equals(again.Test));
        Assert.False(first.Train.Equals(other.Train));
    }

    [Fact]
    public void Moons_lie_on_half_circles_of_radius_1()
    {
        using var moons = Datasets.Toy("moons");
        var lower = moons.TrainLabels!.to(ScalarType.Float32);
        var (x, y) = (moons.Train[.., 0] - lower, moons.Train[.., 1] - (0.5 * lower));

        // Noise of deviation s in the plane lengthens a radius r by s^2 / 2r.
        AssertMoments(((x * x) + (y * y)).sqrt(), 1, 0.1, 0.005);
        Assert.True(((1 - (2 * lower)) * y).min().item<float>() > -0.6);
    }

    [Fact]
    public void Circles_have_radius_1_and_a_half()
    {
        using var circles = Datasets.Toy("circles");
        var radius = circles.Train.norm(1);
        AssertMoments(radius[circles.TrainLabels!.eq(0)], 1, 0.05, 0.00125);
        AssertMoments(radius[circles.TrainLabels!.eq(1)], 0.5, 0.05, 0.0025);
    }

    [Fact]
    public void Each_of_eight_gaussians_sits_in_its_place()
    {
        using var gaussians = Datasets.Toy("eight-gaussians");
        for (var k = 0; k < 8; k++)
        {
            var points = gaussians.Train[gaussians.TrainLabels!.eq(k)];
            AssertMoments(points[.., 0], 4 / Math.Sqrt(2) * Math.Cos(k * Math.PI / 4), 0.5 / Math.Sqrt(2));
            AssertMoments(points[.., 1], 4 / Math.Sqrt(2) * Math.Sin(k * Math.PI / 4), 0.5 / Math.Sqrt(2));
        }
    }

    [Fact]
    public void The_checkerboard_fills_its_dark_squares_evenly_and_no_others()
    {
        using var board = Datasets.Toy("checkerboard");
        Assert.True(board.Train.ge(-4).logical_and(board.Train.le(4)).all().item<bool>());
        var square = (board.Train / 2).floor().to(ScalarType.Int64) + 2;
        Assert.True(square.sum(1).remainder(2).eq(0).all().item<bool>());
        var number = (4 * square[.., 0]) + square[.., 1];
        var counts = number.bincount(null).data<long>().Where(count => count > 0).ToList();
        Assert.Equal(8, counts.Count);
        Assert.All(counts, count => Assert.InRange(count, 850, 1_150));
    }

    [Fact]
    public void Arms_of_the_pinwheel_are_Gaussians_once_unbent()
    {
        using var pinwheel = Datasets.Toy("pinwheel");
        var (x, y) = (pinwheel.Train[.., 0] / 2, pinwheel.Train[.., 1] / 2);

        // Across the arm deviates by 0.1 only, so the radius is the distance along it up to 0.005.
        var arm = pinwheel.TrainLabels!.to(ScalarType.Float32);
        var angle = (0.25 * exp(((x * x) + (y * y)).sqrt())) + (arm * (2 * Math.PI / 5));
        AssertMoments((x * cos(angle)) + (y * sin(angle)), 1, 0.3, 0.03);
        AssertMoments((y * cos(angle)) - (x * sin(angle)), 0, 0.1, 0.03);
    }

    [Fact]
    public void Spirals_mirror_each_other_and_reach_pi()
    {
        using var spirals = Datasets.Toy("spirals");
        var side = 1 - (2 * spirals.TrainLabels!.to(ScalarType.Float32)).unsqueeze(1);
        var points = (spirals.Train * side) - (1.0 / 12);
        var radius = points.norm(1);
        Assert.InRange(radius.max().item<float>(), 3.1, 3.7);

        // The angle of (-s cos s, s sin s) is pi - s, and s = 3 r.
        var turned = ((3 * radius) + atan2(points[.., 1], points[.., 0]) - Math.PI).remainder(2 * Math.PI);
        var outer = turned[radius.gt(1)];
        var off = minimum(outer, (2 * Math.PI) - outer);
        Assert.InRange(off.mean().item<float>(), 0, 0.35);
    }

    [Fact]
    public void Another_name_or_too_few_points_are_refused()
    {
        Assert.Equal(
            "Toy: expected one of moons, circles, eight-gaussians, checkerboard, pinwheel, spirals, got 'rings'.",
            Message(() => Datasets.Toy("rings")));
        Assert.Equal(
            "moons: expected at least 3 points, one for each part, got -1.",
            Message(() => Datasets.Toy("moons", -1)));
    }

    private static void AssertMoments(Tensor values, double mean, double deviation, double within = 0)
    {
        // Four standard errors of mean and deviation, and what the caller's approximation adds.
        var error = 4 * deviation / Math.Sqrt(values.numel());
        Assert.InRange(values.mean().item<float>(), mean - error - within, mean + error + within);
        Assert.InRange(values.std().item<float>(), deviation - error - within, deviation + error + within);
    }
}
