using Bijectors.Cli;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Cli;

public sealed class ReportingTests
{
    [Fact]
    public void Ticks_are_round_numbers_within_the_axis()
    {
        Assert.Equal([0, 2, 4, 6, 8, 10], Ticks.Between(0, 10, 6).Select(x => Math.Round(x, 9)));
        Assert.Equal([2.4, 2.45, 2.5], Ticks.Between(2.39, 2.51, 3).Select(x => Math.Round(x, 9)));
        Assert.Equal([-0.5, 0, 0.5], Ticks.Between(-0.6, 0.7, 4).Select(x => Math.Round(x, 9)));
        Assert.Single(Ticks.Between(1, 1, 5));
    }

    [Fact]
    public void A_chart_leaves_out_what_is_not_finite_and_escapes_names()
    {
        var svg = CurveChart.Draw([new Curve("a<b", [(0, double.NaN), (1, 2), (2, 1)]), new Curve("none", [])], "x", "y", ("level", 1.5));
        Assert.DoesNotContain("NaN", svg);
        Assert.Contains("a&lt;b", svg);
        Assert.Contains("class=\"level\"", svg);
    }

    [Fact]
    public void The_histogram_baseline_is_what_counting_gives()
    {
        using var scope = NewDisposeScope();
        // Pixel 0: levels 0, 0, 1; pixel 1: always 1. Two levels, so p = (count + 1) / 5.
        var train = tensor(new float[] { 0, 1, 0, 1, 1, 1 }).reshape(3, 2);
        var test = tensor(new float[] { 0, 1, 1, 0 }).reshape(2, 2);
        var expected = -(Math.Log(3 / 5.0) + Math.Log(4 / 5.0) + Math.Log(2 / 5.0) + Math.Log(1 / 5.0)) / 2;
        var baseline = Baseline.Of(train, test, levels: 2);
        Assert.Equal(expected, baseline.TestNllNats, 9);
        Assert.Equal(expected / (2 * Math.Log(2)), baseline.TestBitsPerDimension, 9);
    }

    [Fact]
    public void The_gaussian_baseline_scores_its_own_points_with_their_entropy()
    {
        using var scope = NewDisposeScope();
        var points = randn(20_000, 2, generator: new Generator(1)) * tensor(new[] { 1f, 3f }) + 5;
        Assert.Equal(Math.Log(2 * Math.PI * Math.E) + Math.Log(3), Baseline.Of(points, points, null).TestNllNats, 1);
    }

    [Fact]
    public void A_standard_error_needs_two_runs()
    {
        RunMeasures At(double bits) => new(1, 1, 1, bits, bits, 0, null, 1, 1);
        Assert.Null(RunMeasures.StandardError([At(1)], run => run.TestBitsPerDimension));
        Assert.Equal(1, RunMeasures.StandardError([At(1), At(3)], run => run.TestBitsPerDimension)!.Value, 9);
        Assert.Equal(2, RunMeasures.Summary([At(1), At(3)]).TestBitsPerDimension);
    }
}
