using Bijectors.StepMemory;
using Bijectors.Tests.Training;
using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;
using static Bijectors.Tests.Reversible.GradientPair;

namespace Bijectors.Tests.Reversible;

public sealed class ReversibleTrainingTests
{
    [Fact]
    public void Training_takes_the_same_steps()
    {
        using var scope = NewDisposeScope();
        Tensor Weights(bool reversible)
        {
            var flow = Toy.Flow();
            flow.to(ScalarType.Float64);
            var data = new TrainingData(Toy.Points(200, 1), Toy.Points(20, 2));
            Trainer.Train(
                flow.Reversible(reversible), data, new TrainingOptions { Steps = 40, BatchSize = 16, EmaDecay = 0 });
            return Toy.Weights(flow);
        }

        Assert.InRange((Weights(false) - Weights(true)).abs().max().ToDouble(), 0, 1e-8);
    }

    [Fact]
    public void Gradients_are_added_to_those_that_are_there()
    {
        using var scope = NewDisposeScope();
        using var flow = Couplings(4).Reversible();
        using var parameters = new FlatParameters(flow);
        var x = Points(5, 6).detach();
        flow.LogProb(x).sum().backward();
        var once = parameters.Gradients.clone();
        flow.LogProb(x).sum().backward();
        parameters.CheckGradients();
        Assert.True(once.abs().max().ToDouble() > 0);
        Assert.InRange((parameters.Gradients - (2 * once)).abs().max().ToDouble(), 0, 1e-12);
    }

    [Fact]
    public void Backward_may_be_run_twice()
    {
        using var scope = NewDisposeScope();
        using var flow = Couplings(4).Reversible();
        var x = Points(5, 6);
        var value = flow.LogProb(x).sum();
        value.backward(retain_graph: true);
        var once = x.grad!.clone();
        value.backward();
        Assert.InRange((x.grad! - (2 * once)).abs().max().ToDouble(), 0, 1e-12);
    }

    [Fact]
    public void Autograd_grad_gives_gradients_and_leaves_none_behind()
    {
        using var scope = NewDisposeScope();
        using var flow = Couplings(4).Reversible();
        List<Tensor> parameters = [.. flow.parameters()];
        var gradients = autograd.grad([flow.LogProb(Points(5, 6)).sum()], parameters);
        Assert.All(gradients, gradient => Assert.True(gradient.isfinite().all().item<bool>()));
        Assert.All(parameters, parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Second_derivatives_are_those_of_autograd()
    {
        using var scope = NewDisposeScope();
        using var flow = Couplings(4, contextSize: 2);
        List<Tensor?> Second(bool on)
        {
            flow.zero_grad();
            var (x, context) = (Points(5, 6), Points(5, 2));
            var slope = autograd.grad(
                [flow.Reversible(on).LogProb(x, context).sum()], [x], retain_graph: true, create_graph: true)[0];
            slope.square().sum().backward();
            return [x.grad, context.grad, .. flow.parameters().Select(parameter => parameter.grad?.clone())];
        }

        var (expected, got) = (Second(false), Second(true));
        Assert.Contains(expected, gradient => gradient?.abs().max().ToDouble() > 1e-3);
        Assert.All(expected.Zip(got), pair =>
            Assert.InRange(((pair.First ?? zeros(1)) - (pair.Second ?? zeros(1))).abs().max().ToDouble(), 0, 1e-8));
    }

    [Fact]
    public void Second_derivatives_through_computed_points_are_nan()
    {
        using var scope = NewDisposeScope();
        using var flow = Couplings(4).Reversible();
        var x = Points(5, 6);
        var slope = autograd.grad([flow.LogProb(2 * x).sum()], [x], retain_graph: true, create_graph: true)[0];
        Assert.True(slope.isnan().all().item<bool>());
    }

    [Fact]
    public void Initialization_sees_the_data()
    {
        using var scope = NewDisposeScope();
        using var flow = Flow.On(Shape.Vector(6)).Repeat(2, layer => layer.ActNorm().AffineCoupling(8))
            .Into(Distribution.StandardNormal).Reversible();
        flow.to(ScalarType.Float64);
        var x = (3 * Points(500, 6).detach()) + 1;
        flow.Initialize(x);
        Assert.InRange(((Chain)flow.Transform).Layers[0].Forward(x).std().ToDouble(), 0.99, 1.01);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_tensor_outlives_its_step(bool scoped)
    {
        using var flow = Couplings(4, contextSize: 2).Reversible();
        using var x = Points(5, 6).detach();
        using var context = Points(5, 2);
        long After(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                using var scope = scoped ? NewDisposeScope() : null;
                flow.zero_grad();
                context.grad = null;
                using var value = flow.LogProb(x, context);
                using var sum = value.sum();
                sum.backward();
            }

            for (var i = 0; i < 3 && !scoped; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            return Tensor.TotalCount;
        }

        var early = After(20);
        Assert.InRange(After(200), 0, early);
    }

    [Fact]
    public void A_hundred_and_twenty_eight_layers_need_little_more_memory_than_eight()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var (few, many) = (StepProcess.Measure(reversible: true, 8), StepProcess.Measure(reversible: true, 128));
        Assert.InRange((double)many.Peak / few.Peak, 0, 1.3);
    }
}
