using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Distributions;

public sealed class VonMisesTests : Numerical.NumericalTest
{
    private static readonly Shape s_one = Shape.Vector(1);

    [Theory]
    [InlineData(0)]
    [InlineData(1e-9)]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(30)]
    public void The_density_is_its_formula(double k)
    {
        var p = new VonMises(s_one, mean: 0.7, concentration: k);
        p.to(ScalarType.Float64);
        double a = (float)(k * Math.Cos(0.7)), b = (float)(k * Math.Sin(0.7));
        var scale = Math.Log(2 * Math.PI * Bessel(Math.Sqrt((a * a) + (b * b))));
        foreach (var x in new[] { -Math.PI, -1, 0, 0.7, 3 })
        {
            var expected = (a * Math.Cos(x)) + (b * Math.Sin(x)) - scale;
            Assert.Equal(expected, p.LogProb(tensor([x], ScalarType.Float64)).item<double>(), 1e-11 * (1 + k));
        }
    }

    [Fact]
    public void Nothing_overflows_or_is_lost_at_large_concentrations()
    {
        // Near its mean it is a normal distribution of variance 1 / k.
        var p = new VonMises(s_one, mean: 0, concentration: 1e6);
        var expected = -0.5 * Math.Log(2 * Math.PI * 1e-6);
        Assert.Equal(expected, p.LogProb(tensor([0f])).item<float>(), 1e-4);
        Assert.Equal(expected - 0.5, p.LogProb(tensor([1e-3f])).item<float>(), 1e-3);
        var x = p.Sample(20_000, generator: Generator);
        Assert.InRange(x.square().mean().item<float>(), 0.95e-6, 1.05e-6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-4)]
    [InlineData(0.7)]
    [InlineData(5)]
    [InlineData(400)]
    public void Samples_have_the_mean_resultant_length_and_direction(double k)
    {
        const int draws = 40_000;
        var p = new VonMises(s_one, mean: 3, concentration: k);
        p.to(ScalarType.Float64);
        var x = p.Sample(draws, generator: Generator);
        Assert.True(Domain.Circle.Contains(x).all().item<bool>());

        // E cos(x - m) = I1(k) / I0(k), the slope of log I0.
        var h = 1e-4 * (1 + k);
        var expected = k > 100
            ? 1 - (1 / (2 * k)) - (1 / (8 * k * k))
            : (Math.Log(Bessel(k + h)) - Math.Log(Bessel(k - h))) / (2 * h);
        Near(expected, (x - 3).cos());
        Near(0, (x - 3).sin());

        static void Near(double expected, Tensor sample)
        {
            var error = sample.std().item<double>() / Math.Sqrt(draws);
            Assert.InRange(sample.mean().item<double>() - expected, -5 * error, 5 * error);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Gradients_reach_direction_and_concentration_also_where_it_is_uniform(double k)
    {
        var p = new VonMises(s_one, mean: 1, concentration: k);
        p.to(ScalarType.Float64);
        var x = tensor(new[] { 0.2, -2, 3 }).unsqueeze(-1);
        p.LogProb(x).sum().backward();
        foreach (var parameter in p.parameters())
        {
            using var ungraded = no_grad();
            var slope = parameter.grad!.item<double>();
            parameter.add_(1e-5);
            var above = p.LogProb(x).sum().item<double>();
            parameter.add_(-2e-5);
            var below = p.LogProb(x).sum().item<double>();
            parameter.add_(1e-5);
            Assert.Equal((above - below) / 2e-5, slope, 1e-6);
        }
    }

    [Fact]
    public void A_flow_on_the_circle_learns_a_direction()
    {
        var x = new VonMises(s_one, mean: -2.5, concentration: 4).Sample(500, generator: Generator);
        var flow = Flow.On(s_one).Then(new Rotation(1)).Into((Shape shape) => new VonMises(shape));
        Assert.Equal(Math.Log(2 * Math.PI), -flow.LogProb(x).mean().item<float>(), 1e-4);
        Trainer.Train(flow, new TrainingData(x), new() { Steps = 200, LearningRate = 0.1 });
        Assert.InRange(-flow.LogProb(x).mean().item<float>(), 0.3, 0.9);
    }

    [Fact]
    public void An_interval_is_no_circle_and_the_message_says_what_is()
    {
        using var turn = new Rotation(1);
        var uniform = new Uniform(Shape.Vector(2), -Math.PI, Math.PI);
        var exception = Assert.Throws<DomainException>(() => new Flow(Shape.Vector(2), turn, uniform));
        Assert.Contains("Distribution.UniformOnCircle", exception.Message, StringComparison.Ordinal);
        using var flow = new Flow(Shape.Vector(2), turn, Distribution.UniformOnCircle);
        Assert.Equal(0, flow.ParameterCount);
        Assert.Throws<ArgumentException>(() => new VonMises(s_one, concentration: -1));
        Assert.Throws<ArgumentException>(() => new VonMises(s_one, mean: double.NaN));
    }

    [Fact]
    public void A_parameter_that_is_no_number_is_drawn_as_such_and_ends()
    {
        var p = new VonMises(s_one, concentration: 1);
        using var ungraded = no_grad();
        p.parameters().First().fill_(double.NaN);
        Assert.True(p.Sample(3, generator: Generator).isnan().all().item<bool>());
    }

    /// <summary>I0, by its series.</summary>
    private static double Bessel(double k)
    {
        var (sum, term) = (1.0, 1.0);
        for (var n = 1; n < 300; n++)
        {
            term *= k * k / (4.0 * n * n);
            sum += term;
        }

        return sum;
    }
}
