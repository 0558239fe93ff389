using Bijectors.Tests.Numerical;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Distributions;

/// <summary>Copies at another temperature: their samples, their densities, what has none.</summary>
public sealed class TemperatureTests : NumericalTest
{
    [Fact]
    public void Locations_that_a_context_gives_stay()
    {
        using var ungraded = no_grad();
        var shape = Shape.Vector(2);
        var p = new LocationScale(
            new StandardNormal(shape), new ResidualMlp(2, 2, 4, 1, Generator), shape, scale: 2, isResidual: true);
        var context = tensor(new float[,] { { 10, -10 }, { 3, 4 } });
        using var tempered = p.AtTemperature(0.5);
        var (z, half) = (p.Sample(2, context, new Generator(3)), tempered.Sample(2, context, new Generator(3)));
        var locations = (2 * half) - z;
        Assert.True(locations.allclose(context, 0, 0.5));
        var peak = tempered.LogProb(locations, context).to(ScalarType.Float64);
        Assert.True(peak.allclose(tensor(-Math.Log(2 * Math.PI), dtype: ScalarType.Float64), 1e-4, 1e-4));
        Assert.Equal(
            "LocationScale: expected contexts (2), to which the network adds, got (3).",
            Assert.Throws<ShapeException>(() => new LocationScale(
                new StandardNormal(shape), new ResidualMlp(3, 2, 4, 1, Generator), Shape.Vector(3), scale: 2,
                isResidual: true)).Message);
    }

    [Fact]
    public void A_normal_base_becomes_one_of_another_deviation()
    {
        using var normal = Flow.On(Shape.Vector(2)).Into(Distribution.StandardNormal);
        using var tempered = normal.Tempered(0.5);
        var x = rand(5, 2, generator: Generator);
        var expected = -(x.square().sum(1) / (2 * 0.25)) - Math.Log(2 * Math.PI * 0.25);
        Assert.True(tempered.LogProb(x).allclose(expected, 1e-5, 1e-5));
        using var logistic = Flow.On(Shape.Vector(1)).Into(Distribution.StandardLogistic);
        using var spread = logistic.Tempered(2);
        Assert.Equal(Math.Log(0.25 / 2), spread.LogProb(zeros(1, 1)).item<float>(), 1e-5);

        // A flow may be the base of a flow.
        using var outer = new Flow(Shape.Vector(2), new Scale(3), normal);
        using var both = outer.Tempered(0.5);
        Assert.True(both.LogProb(x / 3).allclose(expected + (2 * Math.Log(3)), 1e-5, 1e-5));
    }

    [Theory]
    [InlineData("glow", 0.7)]
    [InlineData("realnvp", 1.5)]
    [InlineData("nice", 0.7)]
    public void Samples_of_a_flow_are_what_it_makes_of_scaled_points(string name, double temperature)
    {
        using var ungraded = no_grad();
        using var flow = Models.Named(name).Create(Shape.Image(1, 4, 4), seed: 1);
        using var tempered = flow.Tempered(temperature);
        var (x, logProb) = tempered.SampleWithLogProb(6, generator: new Generator(3));
        var z = flow.Base.Sample(6, generator: new Generator(3));
        Assert.True(flow.Transform.Inverse(z * temperature).allclose(x, 1e-4, 1e-4));
        Assert.True(tempered.LogProb(x).allclose(logProb, 1e-4, 1e-3));

        // The density of f^-1(T z) at x, which is that of z and the slope of both maps.
        var (back, logDet) = flow.Transform.ForwardWithLogDet(x);
        var expected = flow.Base.LogProb(back / temperature) + logDet - (16 * Math.Log(temperature));
        Assert.True(expected.allclose(logProb, 1e-4, 1e-3));
        Assert.Empty(tempered.parameters());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Trained_locations_stay_and_distances_from_them_are_scaled(bool isConditional)
    {
        using var ungraded = no_grad();
        var declared = Flow.On(Shape.Vector(3), seed: 1);
        using var flow = (isConditional ? declared.Conditional(2).AffineCoupling(4) : declared.AffineCoupling(4))
            .IntoDiagonalNormal();
        foreach (var parameter in flow.parameters())
        {
            parameter.add_(randn(parameter.shape, generator: Generator), alpha: 0.3);
        }

        var context = isConditional ? randn([5, 2], generator: Generator) : null;
        using var tempered = flow.Tempered(0.6);
        using var twice = tempered.Tempered(0.5);
        var cold = flow.Tempered(1e-6).Base.Sample(5, context, generator: Generator);
        var z = flow.Base.Sample(5, context, new Generator(3));
        var half = twice.Base.Sample(5, context, new Generator(3));
        Assert.True((cold + (0.3 * (z - cold))).allclose(half, 1e-4, 1e-4));

        // The density to the power 1 / T^2, up to a constant.
        var x = randn([5, 3], generator: Generator);
        var (a, b) = (flow.Base.LogProb(x, context), tempered.Base.LogProb(x, context));
        var peak = flow.Base.LogProb(cold, context);
        var expected = peak + ((a - peak) / 0.36) - (3 * Math.Log(0.6));
        Assert.True(expected.allclose(b, 1e-3, 1e-3));
    }

    [Fact]
    public void What_has_no_temperature_says_so()
    {
        using var flow = Flow.On(Shape.Vector(2)).Into(Distribution.FullNormal);
        Assert.Contains(
            "expected a normal or logistic base with independent elements, whose scale is its temperature, got ",
            Assert.Throws<InvalidOperationException>(() => flow.Tempered(0.5)).Message);
        using var usual = Flow.On(Shape.Vector(2)).Into(Distribution.StandardNormal);
        Assert.StartsWith(
            "Tempered: expected a temperature above 0, got 0.",
            Assert.Throws<ArgumentException>(() => usual.Tempered(0)).Message);
        Assert.Throws<ArgumentException>(() => usual.Tempered(double.NaN));
    }
}
