using Bijectors.Tests.Numerical;
using Bijectors.Training;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Zoo;

public sealed class ResidualFlowTests : NumericalTest
{
    [Theory]
    [InlineData(16, false)]
    [InlineData(17, true)]
    public void Log_dets_are_estimated_where_there_are_many_features(int features, bool isEstimated)
    {
        using var flow = ResidualFlow.Create(Shape.Vector(features));
        Assert.Equal(isEstimated, flow.HasEstimatedLogProb);
        using var exact = ResidualFlow.Create(Shape.Vector(features), new() { Exact = true });
        Assert.False(exact.HasEstimatedLogProb);
    }

    [Fact]
    public void Estimates_and_their_gradients_have_the_mean_of_what_is_exact()
    {
        var options = new ResidualFlowOptions { Blocks = 2, Hidden = 8, FurtherTerms = 3 };
        using var estimated = Moved(ResidualFlow.Create(Shape.Vector(17), options, seed: 3));
        using var exact = Moved(ResidualFlow.Create(Shape.Vector(17), options with { Exact = true }, seed: 3));
        var x = Random(17).requires_grad_();
        var many = x.expand(20, 17);
        const int draws = 300;
        var values = new List<Tensor>();
        var gradients = new List<Tensor>();
        for (var draw = 0; draw < draws; draw++)
        {
            x.grad = null;
            var mean = estimated.LogProb(many).mean();
            BackwardPass.Run(mean);
            values.Add(mean.detach());
            gradients.Add(x.grad!.clone());
        }

        x.grad = null;
        var expected = exact.LogProb(x);
        BackwardPass.Run(expected);
        Unbiased(expected.detach(), stack(values));
        Unbiased(x.grad!, stack(gradients));

        static void Unbiased(Tensor expected, Tensor got)
        {
            var errors = got.std(0) / Math.Sqrt(draws);
            Assert.True(((got.mean([0L]) - expected).abs() <= 3 * errors).all().item<bool>());
            Assert.InRange(errors.max().item<double>(), 1e-5, 0.1);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_goes_back_however_large_the_weights_are(bool dense)
    {
        using var ungraded = no_grad();
        using var flow = ResidualFlow.Create(Shape.Vector(6), new() { Hidden = 16, Dense = dense });
        flow.to(ScalarType.Float64);
        foreach (var (name, parameter) in flow.named_parameters())
        {
            parameter.mul_(name.Contains("weight", StringComparison.Ordinal) ? 100 : 1);
        }

        var x = Random(50, 6);
        AssertClose(x, flow.Decode(flow.Encode(x).Z), 1e-9);
    }

    [Fact]
    public void It_learns_under_a_context()
    {
        // Two rings, told apart by the context alone.
        var angle = 6.283 * rand(2000, generator: Generator);
        var which = randint(0, 2, 2000, generator: Generator).to(ScalarType.Float32);
        var points = stack([angle.cos() * (1 + which), angle.sin() * (1 + which)], 1);
        var items = points + (0.1 * randn(2000, 2, generator: Generator));
        var context = which.unsqueeze(-1);
        using var flow = ResidualFlow.Create(
            Shape.Vector(2), new() { Hidden = 32 }, context: Shape.Vector(1));
        var training = new TrainingOptions { Steps = 150, BatchSize = 200, LearningRate = 1e-2 };
        var result = Trainer.Train(flow, new TrainingData(items, TrainContext: context), training);
        Assert.True(result.History[^1].TrainLoss < result.History[0].TrainLoss - 0.05);
        using var ungraded = no_grad();
        var right = flow.LogProb(items, context).mean().ToDouble();
        Assert.True(right > flow.LogProb(items, 1 - context).mean().ToDouble() + 1);
    }

    private static Flow Moved(Flow flow)
    {
        using var ungraded = no_grad();
        using var generator = new Generator(11);
        foreach (var parameter in flow.parameters())
        {
            parameter.add_(0.2 * randn(parameter.shape, generator: generator));
        }

        return (Flow)flow.to(ScalarType.Float64);
    }
}
