using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Distributions;

/// <summary>A truncated normal distribution beside sums over a grid.</summary>
public sealed class TruncatedNormalTests
{
    [Theory]
    [InlineData(0.5, 0.2, 0, 1)]
    [InlineData(0.5, 5, 0, 1)]
    [InlineData(1.5, 2, -1, 2)]
    [InlineData(0.5, 0.02, 0, 1)]
    public void Density_mean_and_variance_are_those_of_the_formulas(double m, double s, double low, double high)
    {
        using var scope = NewDisposeScope();
        var p = new TruncatedNormal(Shape.Vector(1), m, s, low, high);
        p.to(ScalarType.Float64);
        const int cells = 20_000;
        var width = (high - low) / cells;
        var nodes = low + (arange(cells, ScalarType.Float64) + 0.5) * width;
        var density = p.LogProb(nodes.unsqueeze(-1)).exp();
        Assert.Equal(1, (density.sum() * width).ToDouble(), 1e-6);
        var shape = (-(nodes - m).square() / (2 * s * s)).exp();
        Assert.InRange((density - shape / (shape.sum() * width)).abs().max().ToDouble(), 0, 1e-5 / s);

        var mean = (density * nodes).sum() * width;
        var variance = (density * (nodes - mean).square()).sum() * width;
        using var generator = new Generator(1);
        var x = p.Sample(200_000, generator: generator);
        Assert.True(((x > low) & (x < high)).all().item<bool>());
        var error = 5 * Math.Sqrt(variance.ToDouble() / 200_000);
        Assert.Equal(mean.ToDouble(), x.mean().ToDouble(), error);
        Assert.Equal(variance.ToDouble(), x.var().ToDouble(), 0.03 * variance.ToDouble());
    }

    [Fact]
    public void Samples_of_float32_lie_inside_also_where_the_ends_are_far()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var p = new TruncatedNormal(Shape.Vector(1), 0.5, 0.01);
        var (x, logProb) = p.SampleWithLogProb(1_000_000, generator: generator);
        Assert.True(((x > 0) & (x < 1)).all().item<bool>());
        Assert.True(logProb.isfinite().all().item<bool>());
        Assert.InRange((x - 0.5).abs().max().ToDouble(), 0, 0.07);
    }

    [Fact]
    public void What_is_wrong_is_refused()
    {
        var one = Shape.Vector(1);
        Assert.Throws<ArgumentException>(() => new TruncatedNormal(one, 0.5, 0));
        Assert.Throws<ArgumentException>(() => new TruncatedNormal(one, 0.5, double.NaN));
        Assert.Throws<ArgumentException>(() => new TruncatedNormal(one, 1, 1));
        Assert.Throws<ArgumentException>(() => new TruncatedNormal(one, 0.5, 1, 0, double.PositiveInfinity));
    }
}
