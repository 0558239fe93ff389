using Bijectors.Tests.Numerical;
using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Kernels;

/// <summary>The number of threads changes no bit of what flows give, nor of a training step, where tensors are so small that torch keeps its own operations on one.</summary>
public sealed class ThreadCountTests : NumericalTest
{
    // Several ranges of every kernel, and fewer numbers in a tensor than torch shares out.
    private const int Points = 3000;
    private const int Features = 6;

    private static readonly Dictionary<string, Func<FlowBuilder, FlowBuilder>> s_layers = new()
    {
        ["affine couplings"] = flow => flow.AffineCoupling(hidden: 24),
        ["spline couplings"] = flow => flow.SplineCoupling(hidden: 24),
        ["autoregressive layers"] = flow => flow.MaskedAutoregressive(hidden: 24),
        ["residual layers"] = flow => flow.Residual(hidden: 24),
    };

    public static TheoryData<string> Layers => [.. s_layers.Keys];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Of_densities_samples_and_gradients(string layers)
    {
        using var flow = Flow(layers);
        var x = Random(Points, Features).to(ScalarType.Float32);
        ThreadCounts.ChangeNoBit(() =>
        {
            flow.zero_grad();
            var leaf = x.detach().clone().requires_grad_();
            var density = flow.LogProb(leaf);
            density.mean().backward();
            using var leaving = no_grad();
            return [density, leaf.grad!, .. flow.parameters().Select(parameter => parameter.grad!.clone()), flow.Sample(200, generator: new Generator(1))];
        });
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Of_weights_after_some_steps_of_training(string layers)
    {
        var data = new TrainingData(Random(2000, Features).to(ScalarType.Float32), Random(100, Features).to(ScalarType.Float32));
        ThreadCounts.ChangeNoBit(() =>
        {
            using var flow = Flow(layers);
            Trainer.Train(flow, data, new TrainingOptions { Steps = 4, BatchSize = 500 });
            return [.. flow.parameters().Select(parameter => parameter.detach().clone())];
        });
    }

    private static Flow Flow(string layers) => Bijectors.Flow.On(Shape.Vector(Features), seed: 1)
        .Repeat(2, flow => s_layers[layers](flow.ActNorm()).Reverse()).Into(Base.StandardNormal);
}
