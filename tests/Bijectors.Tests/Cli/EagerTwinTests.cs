using Bijectors.Cli;
using Bijectors.Training;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Cli;

/// <summary>The twins that <c>bench --against eager</c> times compute what the flows compute.</summary>
public sealed class EagerTwinTests : IDisposable
{
    private const double Bound = 2;

    private static readonly TarFlowOptions s_tarFlow = new() { Patch = 2, Blocks = 3, Layers = 2, Hidden = 6 };
    private static readonly ResidualFlowOptions s_residual = new() { Blocks = 2, Hidden = 5, Depth = 2 };
    private static readonly JetOptions s_jet = new() { Patch = 4, Couplings = 5, SpatialEvery = 2, Hidden = 6 };

    private static readonly Dictionary<string, (Func<Flow> Create, Func<EagerState, EagerLayer> Twin)> s_kinds = new()
    {
        ["affine couplings"] = (
            () => Flow.On(Shape.Vector(6))
                .Repeat(3, (layer, i) => layer.AffineCoupling(8, partition: Alternating(i)))
                .Into(Distribution.StandardNormal),
            EagerTwins.Couplings),
        ["spline couplings"] = (
            () => Flow.On(Shape.Vector(6))
                .Repeat(3, (layer, i) => layer
                    .Coupling(Transformer.RationalQuadratic(5, Bound), 8, partition: Alternating(i)))
                .Into(Distribution.StandardNormal),
            state => EagerTwins.Splines(state, Bound)),
        ["masked layers"] = (
            () => Flow.On(Shape.Vector(5))
                .Repeat(3, layer => layer.Reverse().MaskedAutoregressive(9)).Into(Distribution.StandardNormal),
            EagerTwins.Autoregressive),
        ["autoregressive splines"] = (
            () => Flow.On(Shape.Vector(5))
                .Repeat(3, layer => layer.Reverse().Autoregressive(Transformer.RationalQuadratic(4, Bound), 9))
                .Into(Distribution.StandardNormal),
            state => EagerTwins.AutoregressiveSplines(state, Bound)),
        ["a glow of 2 levels"] = (
            () => Glow.Create(
                Shape.Image(3, 4, 8), new() { Levels = 2, Steps = 2, Hidden = 5, LearnedPrior = false }),
            EagerTwins.Glow),
        ["a glow of 3 levels"] = (
            () => Glow.Create(
                Shape.Image(1, 8, 8), new() { Levels = 3, Steps = 1, Hidden = 4, LearnedPrior = false }),
            EagerTwins.Glow),
        ["a mixerflow"] = (
            () => MixerFlow.Create(Shape.Image(1, 6, 6), new() { Patch = 2, Layers = 2, Hidden = 5 }),
            state => EagerTwins.Mixer(state, patch: 2)),
        ["a tarflow"] = (
            () => TarFlow.Create(Shape.Image(1, 6, 6), s_tarFlow), state => EagerTwins.TarFlow(state, s_tarFlow)),
        ["a jet"] = (() => Jet.Create(Shape.Image(1, 8, 8), s_jet), state => EagerTwins.Jet(state, s_jet)),
        ["a residual flow"] = (
            () => ResidualFlow.Create(Shape.Vector(3), s_residual), state => EagerTwins.Residual(state, s_residual)),
    };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(3);

    public static TheoryData<string, ScalarType> Kinds
    {
        get
        {
            var kinds = new TheoryData<string, ScalarType>();
            foreach (var kind in s_kinds.Keys)
            {
                kinds.Add(kind, ScalarType.Float64);
                if (!kind.Contains("glow", StringComparison.Ordinal))
                {
                    // On some processors torch's own convolutions are wrong in float32.
                    kinds.Add(kind, ScalarType.Float32);
                }
            }

            return kinds;
        }
    }

    public static TheoryData<string> Cases => [.. BenchCases.All.Select(subject => subject.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Log_densities_are_those_of_the_flow(string kind, ScalarType dtype)
    {
        var (flow, twin) = Both(kind, dtype);
        var x = Points(flow.EventShape, dtype);
        Close(flow.LogProb(x), twin.LogProb(x), dtype);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Samples_from_the_same_noise_are_those_of_the_flow(string kind, ScalarType dtype)
    {
        using var ungraded = no_grad();
        var (flow, twin) = Both(kind, dtype);
        var z = Points(flow.BaseShape, dtype);
        Close(flow.Decode(z), twin.Decode(z), dtype);
        Close(flow.Sample(5, generator: new Generator(8)), twin.Sample(5, new Generator(8)), dtype);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gradients_are_those_of_the_flow(string kind, ScalarType dtype)
    {
        var (flow, twin) = Both(kind, dtype);
        var x = Points(flow.EventShape, dtype);
        BackwardPass.Run(-flow.LogProb(x).mean());
        (-twin.LogProb(x).mean()).backward();
        foreach (var (name, parameter) in flow.named_parameters())
        {
            Close(parameter.grad!, twin.State.Parameters[name].grad!, dtype);
        }
    }

    [Fact]
    public void Steps_of_the_optimizer_are_those_of_the_trainer()
    {
        var (flow, twin) = Both("affine couplings", ScalarType.Float64);
        var x = Points(flow.EventShape, ScalarType.Float64);
        using var adam = new FlatAdam(flow);
        var eagerAdam = new EagerAdam(twin.State);
        for (var step = 0; step < 3; step++)
        {
            adam.ZeroGradients();
            BackwardPass.Run(-flow.LogProb(x).mean());
            adam.Step(1e-2);
            eagerAdam.ZeroGradients();
            (-twin.LogProb(x).mean()).backward();
            eagerAdam.Step(1e-2);
        }

        foreach (var (name, parameter) in flow.named_parameters())
        {
            Close(parameter, twin.State.Parameters[name], ScalarType.Float64);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_case_has_its_twin(string name)
    {
        using var ungraded = no_grad();
        var subject = BenchCases.Named(name);
        using var flow = subject.Create();
        flow.to(ScalarType.Float64);
        var x = randn([2, .. flow.EventShape.ToArray()], ScalarType.Float64, generator: _generator);
        Close(flow.LogProb(x), new EagerFlow(flow, subject.Twin).LogProb(x), ScalarType.Float64);
    }

    [Fact]
    public void A_twin_that_forgets_a_parameter_is_refused()
    {
        using var flow = s_kinds["a mixerflow"].Create();
        var exception = Assert.Throws<InvalidOperationException>(
            () => new EagerFlow(flow, state => new EagerActNorm(state.At("layers.1"))));
        Assert.Contains("transform.layers.2.inner.layers.0.bias", exception.Message);
        Assert.DoesNotContain("transform.layers.1.shift", exception.Message);
    }

    public void Dispose()
    {
        _generator.Dispose();
        _scope.Dispose();
    }

    private static Partition Alternating(int layer) =>
        layer % 2 == 0 ? Partition.Alternating() : Partition.Alternating().Swapped();

    /// <summary>A flow with parameters away from where training begins, and its twin.</summary>
    private (Flow Flow, EagerFlow Twin) Both(string kind, ScalarType dtype)
    {
        using var ungraded = no_grad();
        var (create, twin) = s_kinds[kind];
        var flow = create();
        foreach (var parameter in flow.parameters())
        {
            parameter.add_(0.05 * randn(parameter.shape, generator: _generator));
        }

        flow.to(dtype);
        return (flow, new(flow, twin));
    }

    private Tensor Points(Shape shape, ScalarType dtype) =>
        1.5 * randn([20, .. shape.ToArray()], dtype, generator: _generator);

    private static void Close(Tensor expected, Tensor actual, ScalarType dtype)
    {
        Assert.Equal(expected.shape, actual.shape);
        var tolerance = dtype == ScalarType.Float64 ? 1e-10 : 1e-4;
        var largest = expected.abs().max().ToDouble();
        Assert.InRange((expected - actual).abs().max().ToDouble(), 0, tolerance * largest);
    }
}
