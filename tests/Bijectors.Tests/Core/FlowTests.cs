using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

public sealed class FlowTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(1);

    public void Dispose()
    {
        _scope.Dispose();
        _generator.Dispose();
    }

    [Fact]
    public void A_parameter_that_is_no_number_shows_at_every_point()
    {
        using var flow = new Flow(Shape.Vector(2), new ActNorm(Shape.Vector(2)), Distribution.StandardNormal);
        using (no_grad())
        {
            flow.parameters().First()[0] = float.NaN;
        }

        Assert.Equal([true, true], flow.LogProb(randn(2, 2)).isnan().data<bool>().ToArray());
    }

    [Fact]
    public void Without_layers_the_density_is_that_of_the_base()
    {
        var flow = Flow.On(Shape.Vector(3)).Into(Distribution.StandardNormal);
        flow.to(ScalarType.Float64);
        var x = tensor(new double[,] { { 0, 0, 0 }, { 1, -2, 0.5 } });
        var expected = tensor(new[] { -2.756815599614018, -5.381815599614018 });
        Assert.True(flow.LogProb(x).allclose(expected, 1e-13, 1e-13));
    }

    [Fact]
    public void A_flow_of_numbers_has_a_density_for_each_of_them()
    {
        var flow = Flow.On(Shape.Scalar).Then(new Log()).Into(Distribution.StandardNormal);
        var logProb = flow.LogProb(tensor([1f, MathF.E, -1f, float.NaN]));
        Assert.True(logProb.allclose(
            tensor([-0.91893853f, -2.41893853f, float.NegativeInfinity, float.NaN]), 1e-6, 1e-6, equal_nan: true));
        Assert.Equal(-0.91893853, flow.LogProb(tensor(1f)).item<float>(), 1e-6);
    }

    [Fact]
    public void The_density_integrates_to_one()
    {
        var flow = Flow.On(Shape.Vector(1), seed: 3)
            .Dequantize(4).Logit(0.1).MaskedAutoregressive(4).Linear().Then(new Sinh())
            .Into(Distribution.StandardNormal);
        flow.to(ScalarType.Float64);
        var (low, high, count) = (-0.6, 4.6, 200_000);
        var x = linspace(low, high, count, ScalarType.Float64).unsqueeze(-1);
        var mass = flow.LogProb(x).exp().sum().item<double>() * (high - low) / (count - 1);
        Assert.Equal(1, mass, 1e-4);
    }

    [Fact]
    public void Points_of_another_dtype_are_refused_in_one_sentence()
    {
        var flow = Flow.On(Shape.Vector(2)).Linear().Into(Distribution.StandardNormal);
        foreach (var dtype in new[] { ScalarType.Int64, ScalarType.Float64 })
        {
            var error = Assert.Throws<ArgumentException>(() => flow.LogProb(ones(3, 2, dtype)));
            Assert.StartsWith($"Flow: expected points of Float32 on cpu, where the flow is, got {dtype} on cpu",
                error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Outside_the_support_the_log_density_is_minus_infinity_with_zero_gradient()
    {
        var flow =
            Flow.On(Shape.Vector(2)).Then(new Logit()).ActNorm().AffineCoupling(4).Into(Distribution.StandardNormal);
        var x =
            tensor(new float[,] { { 0.3f, 0.6f }, { -0.5f, 0.6f }, { 0.5f, 1 }, { float.NaN, 0.1f } }).requires_grad_();
        var logProb = flow.LogProb(x);
        Assert.Equal([true, false, false, false], logProb.isfinite().data<bool>().ToArray());
        Assert.True(logProb[1].item<float>() == float.NegativeInfinity);
        Assert.True(float.IsNaN(logProb[3].item<float>()));

        logProb.sum().backward();
        Assert.True(x.grad!.isfinite().all().item<bool>());
        Assert.Equal([0, 0, 0, 0, 0, 0], x.grad!.narrow(0, 1, 3).flatten().data<float>().ToArray());
        Assert.All(flow.parameters(), parameter => Assert.True(parameter.grad!.isfinite().all().item<bool>()));
    }

    [Fact]
    public void A_part_with_a_domain_of_its_own_bounds_the_support()
    {
        var flow =
            Flow.On(Shape.Vector(3)).Permute().Then(new Log().On(Partition.First(1))).Into(Distribution.StandardNormal);
        Assert.True(flow.LogProb(ones(3)).isfinite().item<bool>());
        Assert.False(flow.LogProb(-ones(3)).isfinite().item<bool>());
    }

    [Fact]
    public void Samples_depend_on_the_generator_only()
    {
        var flow = Small();
        using var a = new Generator(5);
        using var b = new Generator(5);
        var before = get_rng_state();
        Assert.True(flow.Sample(4, generator: a).Equals(flow.Sample(4, generator: b)));
        Assert.True(get_rng_state().Equals(before));
        Assert.False(flow.Sample(4, generator: a).Equals(flow.Sample(4)));
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-3)]
    [InlineData(ScalarType.Float64, 1e-10)]
    public void Sampling_gives_the_density_that_scoring_gives(ScalarType dtype, double tolerance)
    {
        var flow = Small();
        flow.to(dtype);
        var (x, logProb) = flow.SampleWithLogProb(20, generator: _generator);
        Assert.Equal(dtype, x.dtype);
        Assert.Equal([20], logProb.shape);
        Assert.True((flow.LogProb(x) - logProb).abs().max().to(ScalarType.Float64).item<double>() < tolerance);
        Assert.Equal([0, 5], flow.Sample(0).shape);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(256)]
    public void Quantizing_undoes_dequantizing(int levels)
    {
        var flow = Flow.On(Shape.Vector(2)).Dequantize(levels).Logit(0).Into(Distribution.StandardNormal);
        var data = arange(levels).repeat_interleave(20_000).reshape(-1, 2).to(ScalarType.Byte);
        var x = flow.Dequantize(data, _generator);
        Assert.Equal(ScalarType.Float32, x.dtype);
        Assert.True(flow.Quantize(x).to(ScalarType.Byte).Equals(data));
        Assert.True((x < levels).all().item<bool>());
        Assert.Equal(levels - 1, flow.Quantize(tensor(new float[] { levels + 3, -1 }))[0].item<float>());
    }

    [Fact]
    public void Bits_per_dimension_of_uniform_levels_is_the_logarithm_of_their_number()
    {
        // The density of a uniform point in [0, 256) is 1/256 in each dimension, 8 bits.
        var flow = Flow.On(Shape.Vector(2))
            .Dequantize(256).Then(new Logit()).Then(~new Logit()).Then(new Normalizer())
            .Into(Distribution.StandardNormal);
        flow.to(ScalarType.Float64);
        var x = tensor(new[] { 3.5, 200.25 });
        Assert.Equal(8, flow.BitsPerDimension(x).item<double>(), 1e-9);
    }

    [Fact]
    public void A_flow_without_levels_leaves_points_alone()
    {
        var flow = Small();
        var x = randn(3, 5);
        Assert.True(flow.Dequantize(x, _generator).Equals(x));
        Assert.True(flow.Quantize(x).Equals(x));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Points_and_contexts_line_up_from_the_left_and_are_repeated(bool image)
    {
        var shape = image ? Shape.Image(2, 2, 2) : Shape.Vector(4);
        var builder = Flow.On(shape, 0).Conditional(2);
        using var flow = (image
            ? builder.GlowCoupling(4).Then(new Sinh())
            : builder.AffineCoupling(8).MaskedAutoregressive(8)).Into(Distribution.StandardNormal);
        using (no_grad())
        {
            foreach (var parameter in flow.parameters())
            {
                parameter.add_(0.3 * randn(parameter.shape, generator: _generator));
            }
        }

        var (points, contexts) =
            (randn([3, .. shape.ToArray()], generator: _generator), randn([5, 2], generator: _generator));
        var expected = stack([.. Enumerable.Range(0, 3)
            .Select(i => stack([.. Enumerable.Range(0, 5).Select(k => flow.LogProb(points[i], contexts[k]))]))]);
        Assert.True(flow.LogProb(points.unsqueeze(1), contexts.unsqueeze(0)).allclose(expected, 1e-5, 1e-5));
        Assert.True(flow.LogProb(points[1], contexts).allclose(expected[1], 1e-5, 1e-5));
        Assert.True(flow.LogProb(points.narrow(0, 1, 1), contexts).allclose(expected[1], 1e-5, 1e-5));
        Assert.Equal([3L, 5], flow.Encode(points.unsqueeze(1), contexts.unsqueeze(0)).LogDet.shape);
        Assert.Equal([5L, .. shape.ToArray()], flow.Decode(flow.Encode(points[0], contexts[0]).Z, contexts).shape);
        Assert.Contains(
            "leading dimensions (3)", Assert.Throws<ShapeException>(() => flow.LogProb(points, contexts)).Message);

        var x = flow.SampleEach(7, contexts, new Generator(3));
        var (again, logProb) = flow.SampleEachWithLogProb(7, contexts, new Generator(3));
        Assert.Equal([5L, 7, .. shape.ToArray()], x.shape);
        Assert.True(x.allclose(again, 1e-5, 1e-5));
        Assert.True(flow.LogProb(x, contexts).allclose(logProb, 1e-4, 1e-4));
        Assert.Equal([7L, .. shape.ToArray()], flow.SampleEach(7, contexts[0]).shape);
        Assert.Equal([2L, 5, 0, .. shape.ToArray()], flow.SampleEach(0, stack([contexts, contexts])).shape);
        // Each context has points of its own.
        var one = flow.LogProb(x, contexts[0]);
        Assert.False(one[1].allclose(logProb[1], 1e-3, 1e-3));
    }

    [Fact]
    public void A_conditional_flow_wants_its_context_and_uses_it()
    {
        var flow = Flow.On(Shape.Vector(4)).Conditional(2).AffineCoupling(8).Reverse().AffineCoupling(8)
            .Into(Distribution.StandardNormal);
        var x = randn([3, 4], generator: _generator);
        var context = randn([3, 2], generator: _generator);
        Assert.False(flow.LogProb(x, context).Equals(flow.LogProb(x, -context)));
        Assert.True(flow.LogProb(x, context[0])[0].allclose(flow.LogProb(x, context)[0]));
        Assert.Equal([7, 4], flow.Sample(7, context[0]).shape);
        Assert.Equal([3, 4], flow.Sample(3, context).shape);

        Assert.Contains("expected a context (batch..., 2), got none",
            Assert.Throws<ArgumentException>(() => flow.LogProb(x)).Message);
        Assert.Throws<ShapeException>(() => flow.LogProb(x, zeros(3, 3)));
        Assert.Throws<ShapeException>(() => flow.Sample(5, context));
        Assert.Throws<ArgumentException>(() => Small().LogProb(zeros(3, 5), context));
    }

    [Fact]
    public void Points_of_another_shape_are_refused_in_one_sentence()
    {
        var error = Assert.Throws<ShapeException>(() => Small().LogProb(zeros(2, 4)));
        Assert.Equal("Flow: expected points (batch..., 5), got (2, 4).", error.Message);
    }

    [Fact]
    public void The_first_batch_sets_the_activation_norm()
    {
        var flow =
            Flow.On(Shape.Of(4, 3)).ActNorm().Mix(Axis.Patches, m => m.ActNorm()).Into(Distribution.StandardNormal);
        var x = (5 * randn([100, 4, 3], generator: _generator)) + 2;
        flow.Initialize(x);
        var (z, _) = flow.Encode(x);
        Assert.True(z.mean([0, 2]).abs().max().item<float>() < 1e-4);
        Assert.True((z.std([0, 2], unbiased: false) - 1).abs().max().item<float>() < 1e-4);

        var before = flow.state_dict()["transform.layers.0.shift"].clone();
        flow.LogProb(x * 3);
        Assert.True(flow.state_dict()["transform.layers.0.shift"].Equals(before));
    }

    [Fact]
    public void A_constant_channel_does_not_blow_up_the_activation_norm()
    {
        var flow = Flow.On(Shape.Vector(2)).ActNorm().Into(Distribution.StandardNormal);
        flow.Initialize(zeros(10, 2));
        Assert.True(flow.LogProb(zeros(1, 2)).isfinite().all().item<bool>());
    }

    [Fact]
    public void A_floor_keeps_what_is_nearly_constant_in_the_first_batch_from_coming_out_far()
    {
        var first = randn([500, 2], generator: _generator) * tensor([1f, 1e-3f]);
        var bright = tensor(new float[,] { { 0, 1 } });
        Assert.InRange(Second(Flow.On(Shape.Vector(2)).ActNorm()), 900, 1100);
        Assert.InRange(Second(Flow.On(Shape.Vector(2)).ActNorm(floor: 0.1)), 9, 11);
        Assert.InRange(Second(Flow.On(Shape.Vector(2)).ActNormElements(floor: 0.1)), 9, 11);
        Assert.Throws<ArgumentException>(() => Flow.On(Shape.Vector(2)).ActNorm(floor: 2));

        double Second(FlowBuilder layers)
        {
            var flow = layers.Into(Distribution.StandardNormal);
            flow.Initialize(first);
            return flow.Encode(bright).Z[0, 1].ToDouble();
        }
    }

    [Fact]
    public void Nothing_but_results_survives_a_call()
    {
        var flow = Small();
        var (x, context) = (randn(6, 5), (Tensor?)null);
        Step();

        // What other tests left to the finalizer must not go while this one counts.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 3; i++)
        {
            Step();
        }

        Assert.Equal(before, Tensor.TotalCount);

        void Step()
        {
            flow.LogProb(x, context).Dispose();
            flow.BitsPerDimension(x).Dispose();
            flow.Sample(3, context, _generator).Dispose();
            var (sample, logProb) = flow.SampleWithLogProb(3, context, _generator);
            sample.Dispose();
            logProb.Dispose();
            var (z, logDet) = flow.Encode(x);
            flow.Decode(z).Dispose();
            z.Dispose();
            logDet.Dispose();
        }
    }

    [Fact]
    public void A_flow_survives_the_dispose_scope_it_was_made_in()
    {
        Flow flow;
        using (NewDisposeScope())
        {
            flow = Small();
        }

        Assert.True(flow.LogProb(zeros(1, 5)).isfinite().all().item<bool>());
    }

    [Fact]
    public void A_loaded_flow_is_the_saved_flow()
    {
        var (saved, other) = (Small(seed: 1), Small(seed: 2));
        var x = randn([4, 5], generator: _generator);
        Assert.False(saved.LogProb(x).Equals(other.LogProb(x)));
        other.load_state_dict(saved.state_dict());
        Assert.True(saved.LogProb(x).Equals(other.LogProb(x)));
    }

    [Fact]
    public void A_flow_ends_exactly_on_the_support_of_its_base()
    {
        var shape = Shape.Vector(2);
        Assert.Throws<DomainException>(() => new Flow(shape, new Sinh(), Distribution.StandardUniform));
        Assert.Throws<DomainException>(
            () => new Flow(shape, new Sigmoid() >> new Scale(2), Distribution.StandardUniform));
        Assert.Throws<DomainException>(
            () => new Flow(shape, new Sigmoid() >> new Scale(0.5), Distribution.StandardUniform));
        var flow = new Flow(shape, new Sigmoid(), Distribution.StandardUniform);
        Assert.True(flow.LogProb(zeros(2)).allclose(tensor(-2 * Math.Log(4), ScalarType.Float32)));

        // Backwards from a part of all reals nobody knows.
        var unknown = ~(new Exp() >> new PluLinear(2, _generator));
        var error = Assert.Throws<ArgumentException>(() => new Flow(shape, unknown, Distribution.StandardNormal));
        Assert.StartsWith(
            "Flow: expected a bijector with a known domain, got ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_of_levels_and_of_context_are_positive()
    {
        Flow Make(int? levels, int? context) => new(
            Shape.Vector(2), new Sinh(), Distribution.StandardNormal, levels,
            context is { } size ? Shape.Vector(size) : null);
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(0, null));
        Assert.Throws<ShapeException>(() => Make(null, 0));
        var flow = Make(3, 2);
        Assert.Equal((3, Shape.Vector(2)), (flow.Levels, flow.ContextShape));
        Assert.Null(Make(null, null).Levels);
    }

    [Fact]
    public void A_point_may_be_one_number()
    {
        var flow = Flow.On(Shape.Scalar).Then(new Log()).Into(Distribution.StandardNormal);
        flow.to(ScalarType.Float64);
        var logProb = flow.LogProb(tensor([1.0, Math.E, -1]));
        var normal = -0.5 * Math.Log(2 * Math.PI);
        Assert.True(logProb.allclose(tensor([normal, normal - 1.5, double.NegativeInfinity]), 1e-14, 1e-14));
        Assert.Equal(normal, flow.LogProb(tensor(1.0)).item<double>(), 14);
        Assert.Equal([4], flow.Sample(4, generator: _generator).shape);
    }

    [Fact]
    public void Events_of_several_dimensions_are_inside_where_all_their_entries_are()
    {
        var flow = Flow.On(Shape.Of(2, 2)).Then(new Log()).Into(Distribution.StandardNormal);
        var x = ones(3, 2, 2);
        x[0, 1, 0] = -1;
        x[1, 1, 0] = float.NaN;
        x[1, 0, 0] = -1;
        var logProb = flow.LogProb(x);
        Assert.Equal([false, true, false], logProb.isnan().data<bool>().ToArray());
        Assert.Equal([false, false, true], logProb.isfinite().data<bool>().ToArray());
        Assert.True(flow.LogProb(x.reshape(1, 3, 2, 2)).allclose(logProb.unsqueeze(0), equal_nan: true));
    }

    [Fact]
    public void Every_way_in_checks_what_it_is_given()
    {
        var flow = Flow.On(Shape.Of(2, 2)).Conditional(3).Flatten()
            .Then(new AffineCoupling(new ResidualMlp(2, 4, 4, 1, _generator, 3)))
            .Into(Distribution.StandardNormal);
        var (x, z, context) = (ones(5, 2, 2), ones(5, 4), ones(5, 3));
        foreach (var use in (Action<Tensor, Tensor?>[])[
            (p, c) => flow.LogProb(p, c), (p, c) => flow.BitsPerDimension(p, c), (p, c) => flow.Encode(p, c),
            (p, c) => flow.Initialize(p, c)])
        {
            use(x, context);
            Assert.Equal("Flow: expected points (batch..., 2, 2), got (5, 4).",
                Assert.Throws<ShapeException>(() => use(z, context)).Message);
            Assert.Throws<ShapeException>(() => use(ones(2), context));
            AssertChecksContext(c => use(x, c));
        }

        flow.Decode(z, context);
        Assert.Equal("Flow: expected points (batch..., 4), got (5, 2, 2).",
            Assert.Throws<ShapeException>(() => flow.Decode(x, context)).Message);
        AssertChecksContext(c => flow.Decode(z, c));
        AssertChecksContext(c => flow.Sample(5, c));
        AssertChecksContext(c => flow.SampleWithLogProb(5, c));
        Assert.Throws<ArgumentOutOfRangeException>(() => flow.Sample(-1, context));
        Assert.Equal("Flow: expected a context (3) or (4, 3), got (5, 3).",
            Assert.Throws<ShapeException>(() => flow.Sample(4, context)).Message);
        Assert.Throws<ShapeException>(() => flow.Sample(5, context.unsqueeze(1)));
        Assert.Equal([4, 2, 2], flow.Sample(4, context[0]).shape);

        void AssertChecksContext(Action<Tensor?> use)
        {
            Assert.StartsWith(
                "Flow: expected a context (batch..., 3), got none.",
                Assert.Throws<ArgumentException>(() => use(null)).Message, StringComparison.Ordinal);
            Assert.Equal("Flow: expected a context (batch..., 3), got (5, 2).",
                Assert.Throws<ShapeException>(() => use(ones(5, 2))).Message);
            Assert.Equal("Flow: expected a context (batch..., 3), got ().",
                Assert.Throws<ShapeException>(() => use(ones([]))).Message);
            Assert.StartsWith(
                "Flow: expected a context of Float32 on cpu, where the flow is, got Float64 on cpu",
                Assert.Throws<ArgumentException>(() => use(ones(5, 3, ScalarType.Float64))).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_base_is_where_the_flow_is()
    {
        var flow = Flow.On(Shape.Of(2, 3)).Linear().Into(Distribution.StandardNormal);
        flow.to(ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, flow.Base.Dtype);
        Assert.Equal(12, flow.ParameterCount);
        var z = flow.Base.Sample(40_000, generator: _generator);
        Assert.Equal((ScalarType.Float64, 3), (z.dtype, z.dim()));
        Assert.InRange(z.mean().item<double>(), -0.01, 0.01);
        Assert.InRange(z.std().item<double>(), 0.99, 1.01);
        Assert.Equal(ScalarType.Float64, flow.Base.Sample(2).dtype);
        var expected = (-0.5 * z.square() - (0.5 * Math.Log(2 * Math.PI))).sum([-1, -2]);
        Assert.True(flow.Base.LogProb(z).allclose(expected, 1e-12, 1e-12));
    }

    private static Flow Small(int seed = 0) => Flow.On(Shape.Vector(5), seed)
        .Repeat(2, layer => layer.ActNorm().Permute().Linear().AffineCoupling(8).MaskedAutoregressive(8).Reverse())
        .Into(Distribution.StandardNormal);

    /// <summary>From (0, 1) to a standard normal: the quantile function.</summary>
    private sealed class Normalizer : Bijector
    {
        public override int EventRank => 0;

        public override Domain Domain => Domain.Unit;

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => special.ndtri(x);

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) => special.ndtr(y);

        protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
            Tensor x, Tensor? context, int eventRank)
        {
            var y = ForwardCore(x, context);
            return (y, LogDets.Sum((y.square() / 2) + (0.5 * Math.Log(2 * Math.PI)), x, eventRank));
        }

        protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
            Tensor y, Tensor? context, int eventRank) =>
            (InverseCore(y, context),
                LogDets.Negate(LogDets.Sum((y.square() / 2) + (0.5 * Math.Log(2 * Math.PI)), y, eventRank)));
    }
}
