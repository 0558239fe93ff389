using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;
using static Bijectors.Tests.Reversible.GradientPair;

namespace Bijectors.Tests.Reversible;

public sealed class ReversibleGradientTests
{
    private const double Tolerance = 1e-8;

    [Fact]
    public void A_deep_chain_of_couplings_has_the_gradients_of_autograd() =>
        Assert.InRange(Difference(Couplings(32), Points(5, 6)), 0, Tolerance);

    [Fact]
    public void Points_without_gradients_have_none() =>
        Assert.InRange(Difference(Couplings(4), Points(5, 6).detach()), 0, Tolerance);

    [Theory]
    [InlineData("glow")]
    [InlineData("realnvp")]
    [InlineData("mixerflow")]
    [InlineData("maf")]
    public void A_model_of_the_zoo_has_the_gradients_of_autograd(string name)
    {
        using var flow = Trained(Models.Named(name).Create(Shape.Image(1, 8, 8), levels: 17), 0.01);
        using var generator = new Generator(2);
        using var x = (16.9 * rand([4, 1, 8, 8], ScalarType.Float64, generator: generator)).requires_grad_();
        Assert.InRange(Difference(flow, x), 0, Tolerance);
        Assert.DoesNotContain(
            flow.ReversibleLayers(), layer => layer.Reason?.StartsWith("going back", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void The_gradient_reaches_the_context() =>
        Assert.InRange(Difference(Couplings(6, contextSize: 2), Points(5, 6), Points(5, 2)), 0, Tolerance);

    [Fact]
    public void The_gradient_reaches_a_context_for_all() =>
        Assert.InRange(Difference(Couplings(6, contextSize: 2), Points(5, 6), Points(2)), 0, Tolerance);

    [Fact]
    public void Levels_inside_levels_have_the_gradients_of_autograd()
    {
        using var flow =
            Trained(Glow.Create(Shape.Image(1, 8, 8), new GlowOptions { Levels = 3, Steps = 3, Hidden = 4 }));
        Assert.InRange(Difference(flow, 0.1 * Points(3, 1, 8, 8).detach().sigmoid().requires_grad_()), 0, Tolerance);
        Assert.Contains(flow.ReversibleLayers(), layer => layer.Name.Count(letter => letter == '.') > 6);
    }

    [Theory]
    [InlineData(1, ActivationSource.Checkpoint, 5)]
    [InlineData(4, ActivationSource.Graph, 41)]
    public void Mixers_have_the_gradients_of_autograd(int couplings, ActivationSource first, int listed)
    {
        using var flow = Trained(Flow.On(Shape.Of(4, 6), seed: 2)
            .Repeat(2, layer => layer
                .Mix(Axis.Channels, vectors => Inner(vectors, couplings))
                .Mix(Axis.Patches, vectors => Inner(vectors, couplings)))
            .ActNorm()
            .Into(Distribution.StandardNormal));
        Assert.InRange(Difference(flow, Points(3, 4, 6)), 0, Tolerance);
        var layers = flow.ReversibleLayers();
        Assert.Equal(listed, layers.Count);
        Assert.Equal(first, layers.Single(layer => layer.Name == "transform.layers.0").Source);
        Assert.Equal(ActivationSource.Inverse, layers.Single(layer => layer.Name == "transform.layers.2").Source);

        static FlowBuilder Inner(FlowBuilder vectors, int couplings) =>
            vectors.Linear().Repeat(couplings, (vector, i) => vector
                .ActNorm()
                .AffineCoupling(4, 1, i % 2 == 0 ? Partition.Halves() : Partition.Halves().Swapped()));
    }

    [Fact]
    public void Layers_may_share_weights()
    {
        using var generator = new Generator(0);
        var shared = new PluLinear(6, generator) >> new Reverse(-1) >> ActNorm.Elements(Shape.Vector(6));
        var row = ((Chain)shared).Layers;
        using var flow =
            Trained(new Flow(Shape.Vector(6), Chain.Of([.. row, .. row, .. row]), Distribution.StandardNormal));
        Assert.InRange(Difference(flow, Points(5, 6)), 0, Tolerance);
    }

    [Fact]
    public void The_inverse_direction_has_the_gradients_of_autograd()
    {
        using var flow = Couplings(8);
        Assert.InRange(Difference(flow, (z, context) => flow.Decode(z, context), Points(5, 6)), 0, Tolerance);
        Assert.InRange(
            Difference(flow, (z, _) => flow.Transform.InverseWithLogDet(z).LogDet, Points(5, 6)), 0, Tolerance);
    }

    [Fact]
    public void Point_and_log_det_may_be_used_alone()
    {
        using var flow = Couplings(4);
        Assert.InRange(Difference(flow, (x, _) => flow.Encode(x).Z, Points(5, 6)), 0, Tolerance);
        Assert.InRange(Difference(flow, (x, _) => flow.Encode(x).LogDet, Points(5, 6)), 0, Tolerance);
        Assert.InRange(Difference(flow, (x, _) => flow.Transform.Forward(x), Points(5, 6)), 0, Tolerance);
    }

    [Fact]
    public void A_residual_layer_is_checkpointed_and_an_estimated_one_left_alone()
    {
        using var generator = new Generator(0);
        using var noise = new Generator(4);
        var exact = new ResidualLayer(new LipschitzMlp(4, 8, 2, generator));
        var estimated = new ResidualLayer(new LipschitzMlp(4, 8, 2, generator), new LogDetEstimator(noise));
        var layers = Chain.Of(ActNorm.Elements(Shape.Vector(4)), exact, new PluLinear(4, generator), estimated,
            new PluLinear(4, generator));
        using var flow = Trained(new Flow(Shape.Vector(4), layers, Distribution.StandardNormal));
        var difference = Difference(flow, (x, _) => { noise.manual_seed(7); return flow.LogProb(x); }, Points(5, 4));
        Assert.InRange(difference, 0, Tolerance);
        Assert.Equal(
            [ActivationSource.Checkpoint, ActivationSource.Checkpoint, ActivationSource.Inverse, ActivationSource.Graph,
                ActivationSource.Checkpoint],
            flow.ReversibleLayers().Select(layer => layer.Source));
    }

    [Fact]
    public void A_layer_computed_from_something_trained_is_left_alone()
    {
        var scale = full([3], 2.0, ScalarType.Float64).requires_grad_();
        var layers = ActNorm.Elements(Shape.Vector(3))
            >> new Stretched(scale.exp()) >> ActNorm.Elements(Shape.Vector(3));
        using var flow = new Flow(Shape.Vector(3), layers, Distribution.StandardNormal);
        flow.to(ScalarType.Float64);
        var x = Points(5, 3);
        Tensor Gradient(bool on)
        {
            scale.grad = null;
            flow.Reversible(on).LogProb(x).sum().backward(retain_graph: true);
            return scale.grad!;
        }

        Assert.InRange((Gradient(false) - Gradient(true)).abs().max().ToDouble(), 0, 1e-12);
    }

    [Fact]
    public void Without_gradients_nothing_is_kept()
    {
        using var flow = Couplings(4).Reversible();
        using var leaving = no_grad();
        Assert.False(flow.LogProb(Points(5, 6).detach()).requires_grad);
    }

    [Fact]
    public void The_state_dictionary_is_the_same()
    {
        using var flow = Couplings(4);
        var names = flow.state_dict().Keys.ToList();
        Assert.Equal(names, flow.Reversible().state_dict().Keys);
        Assert.All(flow.ReversibleLayers().Where(layer => layer.Layer.StartsWith("ActNorm", StringComparison.Ordinal)),
            layer => Assert.Contains($"{layer.Name}.shift", names));
    }

    [Fact]
    public void Single_precision_has_gradients_of_its_own_precision()
    {
        using var flow = Couplings(16);
        flow.to(ScalarType.Float32);
        Assert.InRange(Difference(flow, Points(50, 6).to(ScalarType.Float32).detach().requires_grad_()), 0, 1e-4);
        Assert.DoesNotContain(
            flow.ReversibleLayers(), layer => layer.Reason?.StartsWith("going back", StringComparison.Ordinal) == true);
    }

    /// <summary>A line whose slope is what somebody else trains.</summary>
    private sealed class Stretched : Bijector
    {
        private readonly Tensor slope;

        public Stretched(Tensor slope)
        {
            this.slope = slope;
            RegisterComponents();
        }

        public override int EventRank => 1;

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => x * slope;

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) => y / slope;

        protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
            Tensor x, Tensor? context, int eventRank) =>
            (x * slope, LogDets.Sum(slope.log(), x, eventRank));

        protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
            Tensor y, Tensor? context, int eventRank) =>
            (y / slope, LogDets.Sum(-slope.log(), y, eventRank));
    }
}
