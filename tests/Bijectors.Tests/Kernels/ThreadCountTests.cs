using Bijectors.Tests.Numerical;
using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Kernels;

/// <summary>
/// The number of threads changes no bit of what flows give, nor of a training step, where tensors are so small that
/// torch keeps its own operations on one.
/// </summary>
/// <remarks>
/// Residual layers are not among them. Their networks are <c>torch.nn.functional.linear</c>, of which the last bits
/// change by themselves: 3000 rows of 6 entries times 24 x 6 weights plus a bias give others on 3 threads than on 1.
/// </remarks>
public sealed class ThreadCountTests : NumericalTest
{
    // Several ranges of every kernel, and fewer numbers in a tensor than the 32768 from which on torch
    // shares out its sums.
    private static readonly Dictionary<string,
        (Shape Shape, int Points, Func<FlowBuilder, FlowBuilder> Layer)> s_flows = new()
        {
            ["affine couplings"] = (Shape.Vector(6), 3000, flow => flow.ActNorm().AffineCoupling(hidden: 24).Reverse()),
            ["spline couplings"] = (
                Shape.Vector(6), 3000,
                flow => flow.ActNorm().Coupling(Transformer.RationalQuadratic(), hidden: 24).Reverse()),
            ["autoregressive layers"] =
                (Shape.Vector(6), 3000, flow => flow.ActNorm().MaskedAutoregressive(hidden: 24).Reverse()),
            ["couplings of images"] =
                (Shape.Image(2, 4, 4), 900, flow => flow.ActNorm().Conv1x1().GlowCoupling(hidden: 8)),
        };

    public static TheoryData<string> Flows => [.. s_flows.Keys];

    [Theory]
    [MemberData(nameof(Flows))]
    public void Of_densities_samples_and_gradients(string name)
    {
        using var flow = Flow(name);
        var x = Points(name, s_flows[name].Points);
        ThreadCounts.ChangeNoBit(() =>
        {
            flow.zero_grad();
            var leaf = x.detach().clone().requires_grad_();
            var density = flow.LogProb(leaf);
            density.mean().backward();
            using var leaving = no_grad();
            return [density, leaf.grad!, .. flow.parameters().Select(parameter => parameter.grad!.clone()),
                flow.Sample(200, generator: new Generator(1))];
        });
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public void Of_weights_after_some_steps_of_training(string name)
    {
        var data = new TrainingData(Points(name, 900), Points(name, 100));
        ThreadCounts.ChangeNoBit(() =>
        {
            using var flow = Flow(name);
            Trainer.Train(flow, data, new TrainingOptions { Steps = 3, BatchSize = 300 });
            return [.. flow.parameters().Select(parameter => parameter.detach().clone())];
        });
    }

    private static Flow Flow(string name) =>
        Bijectors.Flow.On(s_flows[name].Shape, seed: 1).Repeat(2, s_flows[name].Layer)
            .Into(Distribution.StandardNormal);

    private Tensor Points(string name, int count) =>
        Random([count, .. s_flows[name].Shape.ToArray()]).to(ScalarType.Float32);
}
