using Bijectors.Training;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Training;

/// <summary>Training with Gaussian noise on the items.</summary>
public sealed class NoiseTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Tensor _points = Toy.Points(4000, 1);

    [Fact]
    public void A_flow_learns_the_density_of_items_with_noise_and_samples_lose_it()
    {
        // Points on a line: without noise they have no density.
        var line = stack([_points.select(1, 0), 0 * _points.select(1, 0)], 1);
        using var flow = Flow.On(Shape.Vector(2)).ActNorm().Into(Distribution.StandardNormal);
        var options = new TrainingOptions { Epochs = 15, LearningRate = 2e-2, Noise = 0.5 };
        Trainer.Train(flow, new TrainingData(line), options);
        using var generator = new Generator(3);
        using var ungraded = no_grad();
        var noisy = flow.Sample(4000, generator: generator);
        Assert.Equal(0.5, noisy.select(1, 1).std().ToDouble(), 0.03);
        Assert.Equal(Math.Sqrt(1.5 * 1.5 + 0.25), noisy.select(1, 0).std().ToDouble(), 0.1);
        var samples = flow.Denoised(0.5).Of(noisy);
        // Deviation 0.5 (1 - 0.25 / v) for the learned variance v near 0.25.
        Assert.InRange(samples.select(1, 1).abs().max().ToDouble(), 0, 0.2);
        Assert.Equal(1.5 * 1.5 / Math.Sqrt(1.5 * 1.5 + 0.25), samples.select(1, 0).std().ToDouble(), 0.1);
    }

    [Fact]
    public void The_loss_and_the_validation_are_those_of_items_with_noise()
    {
        using var flow = Flow.On(Shape.Vector(2)).Then(new Scale(1)).Into(Distribution.StandardNormal);
        var objective = new MaximumLikelihood(flow, _points, draws: 3, noise: 0.5);
        using var noise = new Generator(11);
        using var ungraded = no_grad();
        // E (x + s e)^2 = x^2 + s^2 for each of two entries.
        var clean = -flow.LogProb(_points).mean().ToDouble();
        Assert.Equal(clean + 0.25, objective.Loss(new(_points), noise).ToDouble(), 0.1);
        Assert.Equal(clean + 0.25, objective.Validate(5)!.Value, 0.1);
        Assert.Equal(clean + 0.25, Evaluation.Likelihood(flow, _points, draws: 3, noise: 0.5).Nats, 0.1);
        Assert.NotEqual(new MaximumLikelihood(flow, _points).Identity, objective.Identity);
        Assert.Equal("MaximumLikelihood with noise of deviation 0.5", new MaximumLikelihood(flow, noise: 0.5).Identity);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Levels_have_their_noise_around_the_middle_of_their_cell(ScalarType dtype)
    {
        using var flow = TarFlow.Create(Shape.Image(1, 4, 4), new() { Patch = 2, Centred = true }, levels: 8);
        flow.to(dtype);
        Assert.Equal(Domain.Real, flow.Support);
        using var generator = new Generator(2);
        var levels = randint(8, [500, 1, 4, 4], dtype: ScalarType.Int64, generator: generator);
        using var first = new Generator(5);
        using var second = new Generator(5);
        var eps = randn([500, 1, 4, 4], dtype, generator: first);
        var objective = new MaximumLikelihood(flow, noise: 0.1);
        using var ungraded = no_grad();
        var expected = -flow.LogProb(levels.to(dtype) + 0.5 + 0.1 * eps).mean().ToDouble();
        Assert.Equal(expected, objective.Loss(new(levels), second).ToDouble(), 1e-4);
    }

    [Fact]
    public void A_density_that_is_not_one_of_all_reals_is_refused()
    {
        using var logit = Toy.Flow(levels: 8);
        var options = new TrainingOptions { Steps = 1, Noise = 0.1 };
        var levels = (_points + 4).clamp(0, 7).floor();
        Assert.Contains("all reals", Assert.Throws<ArgumentException>(
            () => Trainer.Train(logit, new TrainingData(levels), options)).Message);
        using var flow = Toy.Flow();
        Assert.Throws<ArgumentException>(
            () => Trainer.Train(flow, new TrainingData(_points), options with { Noise = -1 }));
        Assert.Throws<ArgumentException>(() => new MaximumLikelihood(flow, noise: double.NaN));
    }

    public void Dispose() => _scope.Dispose();
}
