using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Pages;

/// <summary>The examples of docs/coming-from.md, and what the page says of them.</summary>
public class ComingFromTests
{
    private static readonly TrainingOptions s_short = new() { Steps = 3 };

    [Fact]
    public void Zuko_a_conditional_spline_flow()
    {
        using var scope = NewDisposeScope();
        using var noise = new Generator(1);
        var (x, c) = (randn(64, 3, generator: noise), randn(64, 5, generator: noise));
        var options = s_short;

        using var flow = Flow.On(Shape.Vector(3), seed: 1).Conditional(5)
            .Repeat(3, (layer, i) => (i > 0 ? layer.Reverse() : layer).Autoregressive(
                Transformer.RationalQuadratic(bins: 8, bound: 5), hidden: 128))
            .Into(Distribution.StandardNormal);

        Trainer.Train(flow, new TrainingData(x, TrainContext: c), options);     // minimizes -log p(x | c)

        using var generator = new Generator(2);
        using var samples = flow.Sample(64, c[0], generator);                   // (64, 3), x ~ p(x | c*)

        Assert.Equal([64, 3], samples.shape);
        Assert.Equal([64], flow.LogProb(x, c).shape);
    }

    [Fact]
    public void Nflows_a_masked_autoregressive_flow_and_a_loop_of_ones_own()
    {
        using var scope = NewDisposeScope();
        using var noise = new Generator(1);
        var x = randn(128, 2, generator: noise);
        const int iterations = 3;

        using var flow = Flow.On(Shape.Vector(2), seed: 1)
            .Repeat(5, layer => layer.Reverse().MaskedAutoregressive(hidden: 4))
            .Into(Distribution.StandardNormal);
        using var adam = new FlatAdam(flow);
        for (var i = 0; i < iterations; i++)
        {
            using var step = NewDisposeScope();                                 // the temporaries of the step
            adam.ZeroGradients();
            var loss = -flow.LogProb(x).mean();
            BackwardPass.Run(loss);
            adam.Step(learningRate: 1e-3);
        }

        using var untrained = Flow.On(Shape.Vector(2), seed: 1)
            .Repeat(5, layer => layer.Reverse().MaskedAutoregressive(hidden: 4))
            .Into(Distribution.StandardNormal);
        Assert.Equal(iterations, adam.Steps);
        Assert.True(flow.LogProb(x).mean().item<float>() > untrained.LogProb(x).mean().item<float>());
    }

    [Fact]
    public void Probability_the_log_normal_distribution_and_a_chain()
    {
        using var scope = NewDisposeScope();

        // tfd.TransformedDistribution(tfd.Normal(0., 1.), tfb.Exp())
        using var logNormal = Flow.On(Shape.Scalar).Then(new Log()).Into(Distribution.StandardNormal);

        // tfb.Chain([tfb.Shift(1.), tfb.Scale(2.), tfb.Exp()]): x = 1 + 2 exp(z)
        using var flow = Flow.On(Shape.Scalar)
            .Then(~new Shift(1)).Then(~new Scale(2)).Then(~new Exp())
            .Into(Distribution.StandardNormal);

        var x = tensor(3f);
        var ofX = -0.5 * Math.Log(2 * Math.PI);
        Assert.Equal(ofX, logNormal.LogProb(tensor(1f)).item<float>(), 1e-6);
        Assert.Equal(ofX - Math.Log(2), flow.LogProb(x).item<float>(), 1e-6);   // z = 0, dz/dx = 1 / (x - 1)
        Assert.Equal(double.NegativeInfinity, flow.LogProb(tensor(0.5f)).item<float>());
    }

    [Fact]
    public void Distrax_splines_on_the_unit_cube()
    {
        using var scope = NewDisposeScope();
        using var noise = new Generator(1);
        var x = rand(16, 4, generator: noise);

        using var flow = Flow.On(Shape.Vector(4), seed: 1)
            .Then(new Logit())                                                  // (0, 1) to all reals
            .Repeat(2, (layer, i) => layer.Coupling(
                Transformer.RationalQuadratic(bins: 8, bound: 6), hidden: 32,
                partition: i == 0 ? Partition.Alternating() : Partition.Alternating().Swapped()))
            .Into(Distribution.StandardLogistic);                               // a uniform base behind the logit

        Assert.All(flow.LogProb(x).data<float>(), value => Assert.True(float.IsFinite(value)));
        Assert.Equal(double.NegativeInfinity, flow.LogProb(x + 1)[0].item<float>());
    }

    [Fact]
    public void Pyro_a_conditional_spline_and_an_inverse_autoregressive_flow()
    {
        using var scope = NewDisposeScope();
        using var noise = new Generator(1);
        var (x, context) = (randn(16, 1, generator: noise), randn(16, 1, generator: noise));

        // T.conditional_spline(1, context_dim=1)
        using var conditional = Flow.On(Shape.Vector(1), seed: 1).Conditional(1)
            .Elementwise(Transformer.RationalQuadratic(bins: 8), hidden: 10)
            .Into(Distribution.StandardNormal);
        using var logProb = conditional.LogProb(x, context);                    // dist.condition(context).log_prob(x)

        // T.affine_autoregressive(10, hidden_dims=[40]): one pass to sample, so ours the other way round
        using var iaf = Flow.On(Shape.Vector(10), seed: 1)
            .Then(b => ~new MaskedAutoregressive(new Made(10, hidden: 40, 1, b.Generator)))
            .Into(Distribution.StandardNormal);
        using var generator = new Generator(2);
        var (samples, ofSamples) = iaf.SampleWithLogProb(100, generator: generator);

        Assert.Equal([16], logProb.shape);
        Assert.True(allclose(ofSamples, iaf.LogProb(samples), atol: 1e-4));
    }

    [Fact]
    public void FlowJax_a_masked_autoregressive_spline_flow_fitted_to_data()
    {
        using var scope = NewDisposeScope();
        using var noise = new Generator(1);
        var (train, validation) = (rand(256, 2, generator: noise), rand(64, 2, generator: noise));

        using var flow = Flow.On(Shape.Vector(2), seed: 1)
            .Repeat(8, layer => layer
                .Autoregressive(Transformer.RationalQuadratic(bins: 8, bound: 4), hidden: 50, blocks: 1)
                .Reverse())
            .Into(Distribution.StandardNormal);
        var options = new TrainingOptions { LearningRate = 5e-3, Epochs = 2, BatchSize = 100, Patience = 5 };

        var result = Trainer.Train(flow, new TrainingData(train, validation), options); // in place: flow is trained
        using var logProb = flow.LogProb(validation);
        using var generator = new Generator(3);
        using var samples = flow.Sample(1000, generator: generator);

        Assert.Equal(2, result.History.Count);
        Assert.Equal([1000, 2], samples.shape);
    }
}
