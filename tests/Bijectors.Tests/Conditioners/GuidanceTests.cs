using Bijectors.Testing;
using Bijectors.Tests.Training;
using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Conditioners;

/// <summary>Contexts that may be missing, and parameters that are extrapolated from none through a context.</summary>
public sealed class GuidanceTests : IDisposable
{
    private const double Weight = 1.5;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(7);

    public static TheoryData<string, ScalarType> Networks
    {
        get
        {
            var all = new TheoryData<string, ScalarType>();
            foreach (var name in new[] { "ResidualMlp", "Made", "ConvNet", "CausalTransformer" })
            {
                all.Add(name, ScalarType.Float32);
                all.Add(name, ScalarType.Float64);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_network_is_extrapolated_by_the_context(string name, ScalarType dtype)
    {
        var (net, shape) = Network(name);
        Move(net, dtype);
        using var ungraded = no_grad();
        var x = randn([5, .. shape.ToArray()], dtype, generator: _generator);
        var context = randn([5, 3], dtype, generator: _generator);
        var none = randn([3], dtype, generator: _generator);
        var (with, without) = (net.Evaluate(x, context), net.Evaluate(x, none.expand(5, 3)));
        Assert.True((with - without).abs().max().ToDouble() > 1e-3);
        var bound = dtype == ScalarType.Float64 ? 1e-12 : 1e-5;
        Close((1 + Weight) * with - Weight * without, net.Raw(x, Guided(Weight)), bound);
        Assert.True(with.Equals(net.Raw(x, Guided(0))));
        Assert.True(with.Equals(net.Raw(x, context)));
        Close(without, net.Raw(x, Guided(-1)), bound);
        if (net is CausalConditioner causal)
        {
            using var pass = causal.BeginPass(x, Guided(Weight));
            var whole = causal.Raw(x, Guided(Weight));
            for (var i = 0; i < x.size(causal.CausalAxis); i++)
            {
                var entry = pass.Evaluate();
                var expected = causal.CausalAxis == -1
                    ? whole.index_select(-1, tensor(new long[] { i, i + 4 }))
                    : whole.narrow(causal.CausalAxis, i, 1);
                Close(expected, entry, 10 * bound);
                pass.Append(x.narrow(causal.CausalAxis, i, 1));
            }
        }

        Tensor Guided(double weight) => GuidedContext.Join(context, none, weight);
    }

    [Theory]
    [InlineData("maf")]
    [InlineData("locations")]
    [InlineData("spline")]
    [InlineData("coupling")]
    [InlineData("tokens")]
    [InlineData("additive")]
    [InlineData("planar")]
    public void A_guided_flow_is_a_flow(string kind)
    {
        using var flow = Optional(kind);
        Move(flow, ScalarType.Float64);
        var context = randn([6, 3], ScalarType.Float64, generator: _generator);
        using var guided = flow.Guided(Weight);
        var x = randn([6, .. flow.EventShape.ToArray()], ScalarType.Float64, generator: _generator);
        var (z, logDet) = guided.Encode(x, context);
        Close(x, guided.Decode(z, context), 1e-8);
        var jacobian = Jacobians.Of(
            p => guided.Encode(p, context).Z, x, flow.EventShape.Rank, flow.BaseShape.Rank);
        Close(Jacobians.LogAbsDet(jacobian), logDet, 1e-9);
        Assert.True((z - flow.Encode(x, context).Z).abs().max().ToDouble() > 1e-4);

        // Without weight the context alone counts, and at -1 none.
        using var frozen = flow.Frozen();
        using var unguided = flow.Guided(0);
        Assert.True(Samples(frozen, context).Equals(Samples(unguided, context)));
        using var without = flow.Guided(-1);
        Close(Samples(frozen, flow.NoContext()), Samples(without, context), 1e-9);
        using var hot = guided.Tempered(2);
        Assert.Equal([6, 4, .. flow.EventShape.ToArray()], hot.SampleEach(4, context).shape);
        Assert.Contains("GuidedEmbedding", guided.Describe());

        static Tensor Samples(Flow flow, Tensor context)
        {
            using var same = new Generator(3);
            using var ungraded = no_grad();
            return flow.Sample(6, context, same);
        }
    }

    [Fact]
    public void A_missing_context_is_the_trained_vector_and_gradients_are_finite()
    {
        using var flow = Flow.On(Shape.Vector(2), seed: 1)
            .OptionallyConditional(Shape.Of(2, 2), b => new SetEmbedding(Shape.Of(2, 2), 3, 4, b.Generator))
            .AffineCoupling(4).Into(Distribution.StandardNormal);
        Move(flow, ScalarType.Float64);
        var context = randn([4, 2, 2], ScalarType.Float64, generator: _generator);
        context[1] = double.NaN;
        var x = randn([4, 2], ScalarType.Float64, generator: _generator);
        var logProb = flow.LogProb(x, context);
        Assert.True(logProb.isfinite().all().item<bool>());
        Close(flow.LogProb(x[1], flow.NoContext()), logProb[1], 1e-12);
        logProb.sum().backward();
        Assert.All(flow.parameters(), parameter => Assert.True(parameter.grad!.isfinite().all().item<bool>()));
        var none = ((OptionalContext)flow.Embedding!).get_parameter("none")!;
        Assert.True(none.grad!.abs().sum().ToDouble() > 0);

        // A context with some NaN is none that is missing.
        var part = context.clone();
        part[2, 0, 0] = double.NaN;
        Assert.True(flow.LogProb(x, part)[2].isnan().item<bool>());
        var path = Path.GetTempFileName();
        flow.Save(path);
        using var loaded = Flow.Load(path);
        File.Delete(path);
        Assert.True(loaded.HasOptionalContext);
        using var ungraded = no_grad();
        Assert.True(flow.LogProb(x, context).nan_to_num().Equals(loaded.LogProb(x, context).nan_to_num()));
    }

    [Fact]
    public void What_standardizes_contexts_sees_those_that_are_there()
    {
        var shape = Shape.Vector(2);
        var inner = new ContextStandardization(shape);
        using var flow = Flow.On(Shape.Vector(2)).OptionallyConditional(shape, _ => inner).AffineCoupling(4)
            .Into(Distribution.StandardNormal);
        var context = 5 + 2 * randn([64, 2], generator: _generator);
        context[0] = double.NaN;
        context[9] = double.NaN;
        flow.Initialize(randn([64, 2], generator: _generator), context);
        var there = cat([context.narrow(0, 1, 8), context.narrow(0, 10, 54)]);
        Close(there.mean([0L]), inner.get_buffer("mean")!, 1e-5);
    }

    [Fact]
    public void The_mean_of_a_class_moves_outward_with_the_weight()
    {
        // Two classes at -1 and 1 in the first entry, and the same noise in both.
        var label = (arange(2000, ScalarType.Int64) % 2).to(ScalarType.Float32);
        var points = 0.7 * randn([2000, 2], generator: _generator);
        points.select(1, 0).add_(2 * label - 1);
        using var flow = Flow.On(Shape.Vector(2), seed: 3).OptionallyConditional(Shape.Vector(1))
            .MaskedAutoregressive(shape => new LocationConditioner(
                new Made(2, 16, 1, _generator, 1), ScaleMap.Bounded()))
            .Into(Distribution.StandardNormal);
        var data = new TrainingData(points, TrainContext: label.unsqueeze(1));
        Trainer.Train(flow, data, new() { Epochs = 25, LearningRate = 1e-2, ContextDropout = 0.3 });
        using var ungraded = no_grad();
        double[] means = [.. new[] { 0, 1.0, 2 }.Select(Mean)];
        Assert.Equal(1, means[0], 0.15);
        Assert.True(means[1] > means[0] + 0.4 && means[2] > means[1] + 0.4, string.Join(", ", means));
        using var same = new Generator(1);
        var unconditional = flow.Sample(4000, flow.NoContext(), same).select(1, 0);
        Assert.Equal(0, unconditional.mean().ToDouble(), 0.25);
        Assert.Equal(Math.Sqrt(1 + 0.49), unconditional.std().ToDouble(), 0.25);

        double Mean(double weight)
        {
            using var same = new Generator(1);
            using var guided = flow.Guided(weight);
            return guided.Sample(4000, tensor(new float[] { 1 }), same).select(1, 0).mean().ToDouble();
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-13)]
    public void A_network_of_locations_gives_the_shift_of_the_same_map(ScalarType dtype, double bound)
    {
        var net = new Made(4, 6, 1, _generator, 3);
        Move(net, dtype);
        var scale = ScaleMap.Sigmoid(floor: 0.1);
        var layer = new MaskedAutoregressive(new LocationConditioner(net, scale), scale);
        using var ungraded = no_grad();
        var x = randn([5, 4], dtype, generator: _generator);
        var context = randn([5, 3], dtype, generator: _generator);
        var none = randn([3], dtype, generator: _generator);
        var (s, mu) = net.ScaleAndShift(x, context);
        var y = (x - mu) * scale.LogScale(s).exp();
        Close(y, layer.Forward(x, context), bound);
        Close(x, layer.Inverse(y, context), 100 * bound);

        // Guided: locations and raw scales are extrapolated.
        var (noS, noMu) = net.ScaleAndShift(x, none.expand(5, 3));
        var (sw, muw) = (s + Weight * (s - noS), mu + Weight * (mu - noMu));
        var guided = GuidedContext.Join(context, none, Weight);
        var expected = (x - muw) * scale.LogScale(sw).exp();
        Close(expected, layer.Forward(x, guided), bound);
        Close(x, layer.Inverse(expected, guided), 1000 * bound);
        Assert.Throws<ArgumentException>(() => new LocationConditioner(
            new Made(4, 6, 1, _generator, options: new() { Outputs = 3 }), scale));
    }

    [Fact]
    public void Contexts_are_left_out_as_often_as_is_said_and_not_in_validation()
    {
        using var flow = Optional("coupling");
        var (x, context) = (zeros(1000, 4), ones(1000, 3));
        var objective = new MaximumLikelihood(flow, x, context, contextDropout: 0.25);
        using (no_grad())
        {
            foreach (var parameter in flow.parameters())
            {
                parameter.add_(0.3 * randn(parameter.shape, generator: _generator));
            }

            using var noise = new Generator(2);
            var with = -flow.LogProb(x[0], context[0]).ToDouble();
            var without = -flow.LogProb(x[0], flow.NoContext()).ToDouble();
            var share = (objective.Loss(new(x, context), noise).ToDouble() - with) / (without - with);
            Assert.Equal(0.25, share, 0.06);
            Assert.Equal(with, objective.Validate(0)!.Value, 1e-4);
        }

        Assert.Contains("leaving out 0.25 of the contexts", objective.Identity);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var always = Toy.Conditional();
        Assert.Contains("may be missing", Assert.Throws<InvalidOperationException>(() => always.Guided(1)).Message);
        Assert.Throws<InvalidOperationException>(always.NoContext);
        Assert.Throws<ArgumentException>(() => new MaximumLikelihood(always, contextDropout: 0.1));
        Assert.Throws<ArgumentException>(() => Trainer.Train(
            always, new TrainingData(zeros(3, 2), TrainContext: zeros(3, 1)), new() { Steps = 1, ContextDropout = 1 }));
        using var bounded = Flow.On(Shape.Vector(2)).OptionallyConditional(Shape.Vector(1)).Residual(4)
            .Into(Distribution.StandardNormal);
        Assert.Contains("LipschitzMlp", Assert.Throws<InvalidOperationException>(() => bounded.Guided(1)).Message);
        using var ofBase = Flow.On(Shape.Vector(2)).OptionallyConditional(Shape.Vector(2)).AffineCoupling(4)
            .Into(b => new LocationScale(
                new StandardNormal(b.Shape), new ResidualMlp(2, 4, 4, 1, b.Generator), Shape.Vector(2)));
        Assert.Contains("base without", Assert.Throws<InvalidOperationException>(() => ofBase.Guided(1)).Message);
        using var flow = Optional("coupling");
        Assert.Throws<ArgumentException>(() => flow.Guided(double.NaN));
        Assert.Throws<ShapeException>(() => GuidedContext.Join(zeros(2, 3), zeros(2), 1));
        Assert.Throws<ShapeException>(() => new OptionalContext(Shape.Vector(2), new ConvNet(1, 2, 3, _generator)));
        Assert.Throws<ArgumentException>(
            () => new OptionalContext(Shape.Vector(2), new ResidualMlp(2, 2, 3, 1, _generator, 2)));
    }

    public void Dispose()
    {
        _generator.Dispose();
        _scope.Dispose();
    }

    private static Flow Optional(string kind)
    {
        var flow = Flow.On(kind == "tokens" ? Shape.Of(3, 2) : Shape.Vector(4), seed: 2)
            .OptionallyConditional(Shape.Vector(3));
        return (kind switch
        {
            "locations" => flow.MaskedAutoregressive(shape => new LocationConditioner(
                new Made(4, 8, 1, flow.Generator, 3), ScaleMap.Bounded())),
            "maf" => flow.MaskedAutoregressive(8).Reverse().ActNorm().MaskedAutoregressive(8),
            "spline" => flow.Autoregressive(Transformer.RationalQuadratic(4), 8),
            "coupling" => flow.AffineCoupling(8),
            "additive" => flow.AdditiveCoupling(8),
            "planar" => flow.Planar(hidden: 4).Elementwise(Transformer.RationalQuadratic(4), hidden: 4),
            _ => flow.MaskedAutoregressive(table => new CausalTransformer(
                table[-1], table[-2], 8, 1, flow.Generator, flow.ContextSize, heads: 2)),
        }).Into(Distribution.StandardNormal);
    }

    private (Conditioner Net, Shape Shape) Network(string name) => name switch
    {
        "ResidualMlp" => (new ResidualMlp(4, 8, 6, 1, _generator, 3), Shape.Vector(4)),
        "Made" => (new Made(4, 6, 1, _generator, 3), Shape.Vector(4)),
        "ConvNet" => (new ConvNet(2, 4, 3, _generator, 3), Shape.Image(2, 3, 3)),
        _ => (new CausalTransformer(2, 4, 8, 1, _generator, 3, heads: 2), Shape.Of(4, 2)),
    };

    private void Move(nn.Module module, ScalarType dtype)
    {
        module.to(dtype);
        using var ungraded = no_grad();
        foreach (var parameter in module.parameters())
        {
            parameter.add_(0.2 * randn(parameter.shape, dtype, generator: _generator));
        }
    }

    private static void Close(Tensor expected, Tensor got, double bound)
    {
        Assert.Equal(expected.shape, got.shape);
        Assert.InRange((expected - got).abs().max().ToDouble(), 0, bound);
    }
}
