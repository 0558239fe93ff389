using System.Globalization;
using Bijectors.Testing;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerics;

/// <summary>The report finds what is planted, says what is so, and leaves everything as it was.</summary>
public sealed class InvertibilityReportTests : IDisposable
{
    private static readonly Shape s_four = Shape.Vector(4);
    private static readonly Shape s_image = Shape.Image(1, 8, 8);

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _random = new(7);
    private readonly List<Flow> _flows = [];

    [Fact]
    public void A_healthy_flow_gives_no_warning()
    {
        var report = InvertibilityReport.Of(Healthy(), Normal(600, 4));
        Assert.Empty(report.Warnings);
        Assert.InRange(report.RoundTrip.Worst, 1e-9, 1e-5);
        Assert.InRange(report.RoundTrip.Median, 1e-9, report.RoundTrip.Worst);
        Assert.InRange(report.SampleRoundTrip.Worst, 1e-9, 1e-5);
        Assert.InRange(report.LogDet.Worst, 0, 1e-6);
        Assert.Equal((LogDetOracle.Jacobian, ScalarType.Float64), (report.LogDetAgainst, report.JacobianDType));
        Assert.Equal((0, 0, 0), (report.OutsideSupport, report.NotFinite, report.Saturated));
        Assert.Equal((600L, 256), (report.Count, report.Samples));
        Assert.Equal(1, report.Layers.Sum(layer => layer.Share), 6);
        Assert.All(report.Layers, layer => Assert.Equal((LayerCause.None, ""), (layer.Cause, layer.Advice)));
        Assert.InRange(report.InFloat64, 0, 1e-13);
        Assert.Contains("data -> base -> data", report.ToString());
        Assert.DoesNotContain("warning", report.ToString());
    }

    [Fact]
    public void A_linear_map_with_a_tiny_diagonal_is_named()
    {
        var flow = Healthy();
        Set(flow, "transform.layers.3.factors", (factors, _) => factors.diagonal()[2].fill_(-14));
        var report = InvertibilityReport.Of(flow, Normal(300, 4));
        Assert.Equal(("transform.layers.3", "PluLinear(4)", LayerCause.LinearMap),
            (report.WorstLayer.Path, report.WorstLayer.Layer, report.WorstLayer.Cause));
        Assert.InRange(report.WorstLayer.Amplification, Math.Exp(12), Math.Exp(17));
        Assert.InRange(report.WorstLayer.DigitsLost, 4, 7);
        Assert.InRange(report.WorstLayer.Share, 0.6, 1);
        Assert.InRange(report.RoundTrip.Worst, 1e-3, 10);
        Assert.InRange(report.InFloat64, 0, 1e-7);
        Assert.Contains("close to singular", report.WorstLayer.Advice);
        Assert.Contains("in float64", string.Join('\n', report.Warnings));
    }

    [Fact]
    public void A_coupling_whose_scales_explode_is_named()
    {
        var flow = Healthy(ScaleMap.Exponential);
        Set(flow, "transform.layers.4.net.final.bias", (bias, _) => bias[0].fill_(-20));
        var worst = InvertibilityReport.Of(flow, Normal(300, 4)).WorstLayer;
        Assert.Equal(("transform.layers.4", LayerCause.Scale), (worst.Path, worst.Cause));
        Assert.InRange(worst.LeastScale, 1e-9, 1e-8);
        Assert.InRange(worst.Amplification, 1e8, 1e10);
        Assert.Contains("ScaleMap", worst.Advice);
        Assert.Contains("amplifies errors", worst.ToString());
    }

    [Fact]
    public void A_steep_network_is_told_from_scales()
    {
        var flow = Healthy();
        Set(flow, "transform.layers.4.net.final.weight",
            (weight, random) => weight[2..].copy_(2000 * randn(weight[2..].shape, generator: random)));
        var report = InvertibilityReport.Of(flow, Normal(300, 4));
        var coupling = report.Layers.Single(layer => layer.Path == "transform.layers.4");
        Assert.Equal(LayerCause.Network, coupling.Cause);
    }

    [Fact]
    public void Layers_inside_others_are_named()
    {
        var mixer = Own(MixerFlow.Create(s_image, new() { Layers = 1, Hidden = 4 }, levels: 17));
        var glow = Own(Glow.Create(s_image, new() { Steps = 1, Hidden = 4 }, levels: 17));
        foreach (var (flow, path) in new[] { (mixer, "transform.layers.5.inner.layers.0"),
            (glow, "transform.layers.7.rest.layers.2") })
        {
            var name = flow.named_parameters().Select(entry => entry.name).Single(
                name => name.StartsWith($"{path}.", StringComparison.Ordinal)
                    && name.EndsWith("factors", StringComparison.Ordinal));
            Set(flow, name, (factors, _) => factors.diagonal()[1].fill_(-16));
            var report = InvertibilityReport.Of(flow, Levels(50), samples: 8);
            Assert.Equal((path, LayerCause.LinearMap), (report.WorstLayer.Path, report.WorstLayer.Cause));

            // What the layers were wrapped in to be run is garbage now.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.True(flow.LogProb(Levels(5) + 0.5).isfinite().all().item<bool>());
        }
    }

    [Fact]
    public void Saturated_points_are_counted_and_float64_saturates_fewer()
    {
        var flow = Own(new Flow(s_four, new Tanh() >> new Atanh(), Distribution.StandardNormal));
        var data = linspace(-14, 14, 400).reshape(100, 4);
        var report = InvertibilityReport.Of(flow, data);
        Assert.InRange(report.Saturated, 0.3, 0.6);
        Assert.InRange(report.NotFinite, 0.2, 0.6);
        Assert.Equal(double.PositiveInfinity, report.RoundTrip.Worst);
        Assert.Equal(("transform.layers.0", LayerCause.Saturation), (report.WorstLayer.Path, report.WorstLayer.Cause));
        flow.to(ScalarType.Float64);
        Assert.Equal(0, InvertibilityReport.Of(flow, data).Saturated);
    }

    [Fact]
    public void Points_outside_the_support_are_counted()
    {
        var flow = Own(new Flow(s_four, new Log() >> new Affine(2, 1), Distribution.StandardNormal));
        var data = Normal(100, 4).exp();
        data[..25, 1].fill_(-1);
        data[25, 0].fill_(double.NaN);
        var report = InvertibilityReport.Of(flow, data);
        Assert.Equal((0.26, 0, 0), (report.OutsideSupport, report.NotFinite, report.Saturated));
        Assert.InRange(report.RoundTrip.Worst, 0, 1e-5);
        Assert.Contains("outside the support Positive", Assert.Single(report.Warnings));
    }

    [Fact]
    public void Nothing_inside_the_support_is_no_crash()
    {
        var flow = Own(new Flow(s_four, new Log(), Distribution.StandardNormal));
        var report = InvertibilityReport.Of(flow, -ones(5, 4), samples: 0);
        Assert.Equal(1, report.OutsideSupport);
        Assert.True(double.IsNaN(report.RoundTrip.Worst) && double.IsNaN(report.SampleRoundTrip.Worst));
        Assert.NotEmpty(report.ToString());
    }

    [Fact]
    public void A_flow_of_NaN_is_no_crash()
    {
        var flow = Healthy();
        Set(flow, "transform.layers.3.factors", (factors, _) => factors.fill_(double.NaN));
        var report = InvertibilityReport.Of(flow, Normal(20, 4));
        Assert.Equal(1, report.NotFinite);
        Assert.Equal("transform.layers.3", report.WorstLayer.Path);
        Assert.NotEmpty(report.ToString());
    }

    [Fact]
    public void Float64_has_nine_more_digits()
    {
        var flow = Healthy();
        var data = Normal(100, 4);
        var narrow = InvertibilityReport.Of(flow, data);
        flow.to(ScalarType.Float64);
        var wide = InvertibilityReport.Of(flow, data);
        Assert.Equal((ScalarType.Float32, ScalarType.Float64), (narrow.DType, wide.DType));
        Assert.InRange(wide.RoundTrip.Worst, 1e-18, narrow.RoundTrip.Worst * 1e-7);
        Assert.InRange(wide.RoundTrip.Worst, narrow.InFloat64 / 10, narrow.InFloat64 * 10);
    }

    [Fact]
    public void Where_there_are_too_many_dimensions_the_same_layer_is_named_by_power_iteration()
    {
        var shape = Shape.Image(3, 8, 8);
        var flow = Own(Flow.On(shape).Squeeze().ActNorm().Conv1x1().GlowCoupling(hidden: 4).Conv1x1()
            .Into(Distribution.StandardNormal));
        var name = flow.named_parameters().Select(entry => entry.name).Single(
            name => name.StartsWith("transform.layers.4.", StringComparison.Ordinal)
                && name.EndsWith("factors", StringComparison.Ordinal));
        Set(flow, name, (factors, _) => factors.diagonal()[5].fill_(-10));
        var data = Normal(30, 3, 8, 8);
        var (full, iterated) =
            (InvertibilityReport.Of(flow, data, mostDimensions: 192), InvertibilityReport.Of(flow, data));
        Assert.Equal((LogDetOracle.Jacobian, LogDetOracle.Inverse), (full.LogDetAgainst, iterated.LogDetAgainst));
        Assert.All([full, iterated], report => Assert.Equal(
            ("transform.layers.4", LayerCause.LinearMap), (report.WorstLayer.Path, report.WorstLayer.Cause)));
        Assert.InRange(iterated.WorstLayer.Amplification / full.WorstLayer.Amplification, 0.5, 1.001);
        Assert.InRange(full.LogDet.Worst, 0, 1e-6);
    }

    [Fact]
    public void Conditional_flows_take_one_context_for_each_point_or_one_for_all()
    {
        var flow = Own(Flow.On(s_four).Conditional(2).AffineCoupling(hidden: 8).MaskedAutoregressive(hidden: 8)
            .Into(Distribution.StandardNormal));
        Stir(flow, 0.3);
        var data = Normal(70, 4);
        var each = InvertibilityReport.Of(flow, data, Normal(70, 2), batchSize: 32);
        var all = InvertibilityReport.Of(flow, data, Normal(2), batchSize: 32);
        Assert.All([each, all],
            report => Assert.InRange(Math.Max(report.RoundTrip.Worst, report.SampleRoundTrip.Worst), 1e-9, 1e-5));
        Assert.NotEqual(each.ToString(), all.ToString());
        Assert.Contains("expected a context (70, 2) or (2), got none",
            Assert.Throws<ArgumentException>(() => InvertibilityReport.Of(flow, data)).Message);
        Assert.Throws<ArgumentException>(() => InvertibilityReport.Of(flow, data, Normal(69, 2)));
        Assert.Contains("expected items (N, 4)",
            Assert.Throws<ArgumentException>(() => InvertibilityReport.Of(flow, Normal(70, 3), Normal(70, 2))).Message);
    }

    [Fact]
    public void The_seed_determines_everything_and_the_batch_size_nothing()
    {
        var flow = Own(RealNvp.Create(s_image, new() { Couplings = 2, Hidden = 4 }, levels: 17));
        var data = Levels(40);
        var text = InvertibilityReport.Of(flow, data, seed: 3).ToString();
        Assert.Equal(text, InvertibilityReport.Of(flow, data, seed: 3).ToString());
        Assert.NotEqual(text, InvertibilityReport.Of(flow, data, seed: 4).ToString());
        var other =
            Own(new Flow(s_four, new Sinh() >> new Asinh() >> new PluLinear(4, _random), Distribution.StandardNormal));
        var points = Normal(100, 4);
        Assert.Equal(InvertibilityReport.Of(other, points).RoundTrip.Worst,
            InvertibilityReport.Of(other, points, batchSize: 7).RoundTrip.Worst, 6);
    }

    [Fact]
    public void The_flow_and_the_global_generator_are_left_as_they_were()
    {
        var flow = Healthy();
        flow.train();
        var frozen = (nn.Module)flow.named_modules().Single(entry => entry.name == "transform.layers.2").module;
        frozen.eval();
        flow.LogProb(Normal(5, 4)).sum().backward();
        var before = flow.state_dict().Select(entry => (entry.Value, Copy: entry.Value.clone())).ToList();
        var gradients = flow.parameters().Select(parameter => parameter.grad?.clone()).ToList();
        using var chance = get_rng_state();
        InvertibilityReport.Of(flow, Normal(50, 4));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var chanceAfter = get_rng_state();
        Assert.True(chance.equal(chanceAfter).all().item<bool>());
        Assert.All(flow.state_dict().Values.Zip(before), pair =>
        {
            Assert.Same(pair.Second.Value, pair.First);
            Assert.True(
                pair.First.dtype == pair.Second.Copy.dtype && pair.First.equal(pair.Second.Copy).all().item<bool>());
        });
        Assert.All(flow.parameters().Zip(gradients), pair => Assert.True(
            pair.Second is null ? pair.First.grad is null : pair.First.grad!.equal(pair.Second).all().item<bool>()));
        Assert.True(flow.training);
        Assert.False(frozen.training);
        Assert.True(is_grad_enabled());
        Assert.InRange(flow.LogProb(Normal(5, 4)).mean().item<float>(), -1e3, 1e3);
    }

    [Fact]
    public void What_cannot_run_in_float64_is_looked_at_as_it_is()
    {
        var flow = Own(Flow.On(s_four).Linear().Then(new Narrow()).Into(Distribution.StandardNormal));
        var parameter = flow.parameters().First();
        var report = InvertibilityReport.Of(flow, Normal(30, 4));
        Assert.Equal(ScalarType.Float32, report.JacobianDType);
        Assert.True(double.IsNaN(report.InFloat64));
        Assert.InRange(report.LogDet.Worst, 0, 1e-6);
        Assert.Same(parameter, flow.parameters().First());
        Assert.Equal(ScalarType.Float32, flow.Encode(Normal(2, 4)).Z.dtype);
    }

    [Fact]
    public void An_exception_leaves_the_flow_as_it_was()
    {
        var broken = new Narrow { Fails = true };
        var flow = Own(Flow.On(s_four).Linear().Then(broken).Into(Distribution.StandardNormal));
        flow.train();
        Assert.Throws<InvalidOperationException>(() => InvertibilityReport.Of(flow, Normal(30, 4)));
        Assert.True(flow.training);
        broken.Fails = false;
        Assert.Equal(ScalarType.Float32, flow.Encode(Normal(2, 4)).Z.dtype);
    }

    [Fact]
    public void No_tensor_survives_however_many_points_there_are()
    {
        var flow = Healthy();
        var (few, many) = (Normal(20, 4), Normal(5000, 4));
        InvertibilityReport.Of(flow, few);

        // TorchSharp counts the tensor out of which a parameter is made as alive for ever, though it holds nothing.
        Assert.Equal(flow.parameters().Count(), Survivors(few));
        Assert.Equal(flow.parameters().Count(), Survivors(many));

        long Survivors(Tensor data)
        {
            var before = Tensor.TotalCount;
            InvertibilityReport.Of(flow, data, batchSize: 50);
            return Tensor.TotalCount - before;
        }
    }

    [Fact]
    public void The_memory_of_the_float64_copies_is_given_back()
    {
        var flow = Own(Flow.On(s_four).AffineCoupling(hidden: 1024, blocks: 1).Into(Distribution.StandardNormal));
        var data = Normal(20, 4);
        InvertibilityReport.Of(flow, data);
        var before = Resident();
        for (var i = 0; i < 10; i++)
        {
            InvertibilityReport.Of(flow, data);
        }

        // 16 MiB each, if they stayed.
        Assert.InRange(Resident() - before, long.MinValue, 60L << 20);
    }

    [Theory]
    [MemberData(nameof(WholeMaps))]
    public void The_layers_one_after_another_are_the_flow(string name)
    {
        var entry = Catalogue.All.Single(entry => entry.Name == name);
        var flow =
            Own(new Flow(entry.Shape, entry.Make(1), Distribution.StandardNormal, contextShape: entry.ContextShape));
        Stir(flow, 0.1);
        flow.to(ScalarType.Float64);
        var x = flow.Transform.Domain.Sample([5, .. entry.Shape.ToArray()], ScalarType.Float64, _random);
        var context = entry.ContextSize is { } size ? Normal(5, size).to(ScalarType.Float64) : null;
        var layers = FlowLayer.Of(flow);
        var z = layers.Aggregate(x, (point, layer) => layer.Direction.Apply(point, context));
        Assert.InRange((z - flow.Encode(x, context).Z).abs().max().item<double>(), 0, 1e-9);
        Assert.InRange((layers.Reverse().Aggregate(z, (point, layer) => layer.Direction.Undo(point, context))
            - flow.Decode(z, context)).abs().max().item<double>(), 0, 1e-6);
        var modules = flow.named_modules().ToDictionary(module => module.name, module => module.module);
        Assert.All(layers, layer => Assert.Same(layer.Module, modules[layer.Path]));
    }

    [Theory]
    [MemberData(nameof(WholeMaps))]
    public void Every_bijector_can_be_looked_at(string name)
    {
        var entry = Catalogue.All.Single(entry => entry.Name == name);
        var flow =
            Own(new Flow(entry.Shape, entry.Make(1), Distribution.StandardNormal, contextShape: entry.ContextShape));
        Stir(flow, 0.1);
        var context = entry.ContextSize is { } size ? Normal(20, size) : null;
        foreach (var mostDimensions in new[] { 64, 0 })
        {
            var report = InvertibilityReport.Of(
                flow, flow.Transform.Domain.Sample([20, .. entry.Shape.ToArray()], ScalarType.Float32, _random),
                context, samples: 20, mostDimensions: mostDimensions);
            Assert.Equal(ScalarType.Float64, report.JacobianDType);
            Assert.InRange(report.RoundTrip.Worst, 0, 1e-3);
            Assert.InRange(report.LogDet.Worst, 0, 1e-4 + (6 * report.LogDetStandardError));
            Assert.All(report.Layers, layer => Assert.InRange(layer.Amplification, 1 - 1e-6, 1e6));
        }
    }

    public static TheoryData<string> WholeMaps() => [.. Catalogue.All.Where(IsWhole).Select(entry => entry.Name)];

    // Elsewhere nothing is measured.
    private static long Resident() => !OperatingSystem.IsLinux() ? 0 : File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(line =>
            long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10)
        .Single();

    private static bool IsWhole(Entry entry)
    {
        using var f = entry.Make(0);
        return f.Codomain.Includes(Domain.Real) && Domain.Real.Includes(f.Codomain);
    }

    public void Dispose()
    {
        _flows.ForEach(flow => flow.Dispose());
        _random.Dispose();
        _scope.Dispose();
    }

    /// <summary>ActNorm, a linear map, a coupling, a linear map and another coupling.</summary>
    private Flow Healthy(ScaleMap? scale = null)
    {
        var flow = Own(Flow.On(s_four)
            .ActNorm().Linear().AffineCoupling(hidden: 16)
            .Linear().AffineCoupling(hidden: 16, scale: scale)
            .Into(Distribution.StandardNormal));
        Stir(flow, 0.2);
        return flow;
    }

    private Flow Own(Flow flow)
    {
        _flows.Add(flow);
        return flow;
    }

    private Tensor Normal(params long[] shape) => randn(shape, generator: _random);

    private Tensor Levels(int count) => randint(0, 17, [count, .. s_image.ToArray()], generator: _random);

    /// <summary>Moves the parameters off where they start: a fresh flow is often the identity.</summary>
    private void Stir(Flow flow, double by)
    {
        using var grad = no_grad();
        foreach (var parameter in flow.parameters())
        {
            parameter.add_(
                by * randn(parameter.shape, generator: _random) / Math.Sqrt(parameter.shape.LastOrDefault(1)));
        }
    }

    private void Set(Flow flow, string parameter, Action<Tensor, Generator> change)
    {
        using var grad = no_grad();
        change(flow.named_parameters().Single(entry => entry.name == parameter).parameter, _random);
    }
}
