using Bijectors.Training;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

/// <summary>Points have the dtype of the numbers that map them, and nothing depends on torch's default dtype.</summary>
public sealed class DtypeTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static TheoryData<string> Names => [.. Catalogue.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_point_of_another_dtype_than_the_numbers_of_a_bijector_is_refused(string name)
    {
        var entry = Catalogue.All.Single(entry => entry.Name == name);
        using var generator = new Generator(1);
        foreach (var (own, other) in new[]
            { (ScalarType.Float32, ScalarType.Float64), (ScalarType.Float64, ScalarType.Float32),
                (ScalarType.Float32, ScalarType.Float16) })
        {
            var f = entry.Make(0).to(own);
            var x = f.Domain.Sample([2, .. entry.Shape.ToArray()], ScalarType.Float64, generator).to(other);
            var y = f.Codomain is PartOf ? null : f.Codomain.Sample(
                [2, .. f.OutputShape(entry.Shape).ToArray()], ScalarType.Float64, generator).to(other);
            var context = entry.ContextSize is { } size ? zeros(2, size, other) : null;
            var rank = entry.Shape.Rank;
            List<Func<(Tensor, Tensor)>> calls =
                [() => (f.Forward(x, context), x), () => f.ForwardWithLogDet(x, context, rank)];
            if (y is not null)
            {
                calls.AddRange([() => (f.Inverse(y, context), y),
                    () => f.InverseWithLogDet(y, context, f.OutputShape(entry.Shape).Rank)]);
            }

            var holds = f.parameters().Concat(f.buffers()).Any(tensor => tensor.is_floating_point());
            foreach (var call in calls)
            {
                if (holds)
                {
                    var error = Assert.Throws<ArgumentException>(() => call());
                    Assert.Contains($"expected points of {own}, the dtype of its numbers, got {other};", error.Message,
                        StringComparison.Ordinal);
                }
                else
                {
                    var (result, logDet) = call();
                    Assert.Equal((other, other), (result.dtype, logDet.dtype));
                }
            }
        }
    }

    [Fact]
    public void A_layer_of_another_dtype_inside_is_named()
    {
        var mixed = new ActNorm(Shape.Vector(2))
            >> new Standardize(zeros(2, ScalarType.Float64), ones(2, ScalarType.Float64));
        foreach (var call in new Action[] { () => mixed.Forward(zeros(1, 2)),
            () => mixed.InverseWithLogDet(zeros(1, 2).to(ScalarType.Float32)) })
        {
            Assert.StartsWith(
                "Standardize: expected points of Float64, the dtype of its numbers, got Float32;",
                Assert.Throws<ArgumentException>(call).Message,
                StringComparison.Ordinal);
        }

        // A product of two dtypes would end the process.
        using var generator = new Generator(1);
        var image = new Conv1x1(2, generator);
        var late = new Standardize(zeros([2, 1, 1], ScalarType.Float64), ones([2, 1, 1], ScalarType.Float64)) >> image;
        Assert.Throws<ArgumentException>(() => late.Forward(zeros([1, 2, 1, 1], ScalarType.Float64)));
    }

    [Fact]
    public void A_flow_with_statistics_in_float64_says_so_and_is_converted()
    {
        using var flow = Flow.On(Shape.Vector(2))
            .Then(new Standardize(tensor(new[] { 1.0, 2 }), tensor(new[] { 1.0, 2 })))
            .Into(Distribution.StandardNormal);
        Assert.Contains(
            "Standardize: expected points of Float64, the dtype of its numbers, got Float32",
            Assert.Throws<ArgumentException>(() => flow.LogProb(zeros(1, 2))).Message);
        flow.to(ScalarType.Float32);
        Assert.Equal(ScalarType.Float32, flow.LogProb(flow.Sample(3)).dtype);
    }

    [Fact]
    public void A_context_of_another_dtype_is_refused()
    {
        using var generator = new Generator(1);
        var f = new AffineCoupling(new ResidualMlp(2, 4, 6, 1, generator, 2));
        var error = Assert.Throws<ArgumentException>(() => f.Forward(zeros(1, 4), zeros(1, 2, ScalarType.Float64)));
        Assert.Contains("expected a context of Float32, the dtype of the points, got Float64;", error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_default_dtype_changes_nothing(string name)
    {
        var entry = Catalogue.All.Single(entry => entry.Name == name);
        var expected = Under(ScalarType.Float32, entry);
        foreach (var other in new[] { ScalarType.Float64, ScalarType.Float16 })
        {
            var got = Under(other, entry);
            Assert.Equal(expected.Keys, got.Keys);
            foreach (var (what, value) in expected)
            {
                Assert.True(value.dtype == got[what].dtype, $"{what} under {other}: {got[what].dtype}");
                Assert.True(value.Equals(got[what]), $"{what} under {other}: other numbers");
            }
        }
    }

    [Fact]
    public void The_default_dtype_changes_no_training()
    {
        using var generator = new Generator(1);
        var items = randint(0, 5, [40, 1, 4, 4], ScalarType.Byte, generator: generator);
        Assert.Equal(Loss(ScalarType.Float32), Loss(ScalarType.Float64));

        double? Loss(ScalarType dtype)
        {
            set_default_dtype(dtype);
            try
            {
                using var flow = Glow.Create(Shape.Image(1, 4, 4), new() { Steps = 1, Hidden = 4 }, levels: 5, seed: 0);
                Trainer.Train(flow, new TrainingData(items, items),
                    new TrainingOptions { Steps = 4, BatchSize = 20, EmaDecay = 0.5 });
                using var draws = new Generator(2);
                Assert.Equal(ScalarType.Float32, flow.Sample(2, generator: draws).dtype);
                Assert.All(flow.state_dict().Values, tensor => Assert.NotEqual(ScalarType.Float64, tensor.dtype));
                return Evaluation.Likelihood(flow, items).Nats;
            }
            finally
            {
                set_default_dtype(ScalarType.Float32);
            }
        }
    }

    [Fact]
    public void A_flow_refuses_a_layer_that_gives_another_dtype()
    {
        foreach (var layer in new Bijector[] { new Widening(ofPoint: true), new Widening(ofPoint: false) })
        {
            using var flow = new Flow(Shape.Vector(2), layer, Distribution.StandardNormal);
            foreach (var call in new Action[] { () => flow.LogProb(zeros(1, 2)), () => flow.Encode(zeros(1, 2)),
                () => flow.SampleWithLogProb(2) })
            {
                var error = Assert.Throws<ArgumentException>(call);
                Assert.StartsWith(
                    "Flow: expected the transform to give Float32,", error.Message, StringComparison.Ordinal);
            }
        }
    }

    private sealed class Widening(bool ofPoint) : Bijector
    {
        public override int EventRank => 0;

        public override bool IsVolumePreserving => true;

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) =>
            x.to(ofPoint ? ScalarType.Float64 : x.dtype, copy: true);

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) => ForwardCore(y, context);

        protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
            Tensor x, Tensor? context, int eventRank) =>
            (ForwardCore(x, context), zeros([], ofPoint ? x.dtype : ScalarType.Float64));

        protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
            Tensor y, Tensor? context, int eventRank) =>
            ForwardWithLogDetCore(y, context, eventRank);
    }

    /// <summary>
    /// What a bijector holds and gives where the default dtype is another one: in batches of 2 and of 20 items, which
    /// go through other kernels.
    /// </summary>
    private static Dictionary<string, Tensor> Under(ScalarType dtype, Entry entry)
    {
        var results = new Dictionary<string, Tensor>();
        using var generator = new Generator(1);
        set_default_dtype(dtype);
        try
        {
            var f = entry.Make(0);
            foreach (var (key, value) in f.state_dict())
            {
                results[key] = value.detach().clone();
            }

            var frozen = f.Frozen(entry.Shape, ScalarType.Float32);
            foreach (var (map, copy) in new[] { (f, ""), (frozen, ", frozen") })
            {
                foreach (var count in new[] { 2, 20 })
                {
                    var context = entry.ContextSize is { } size ? ones(count, size, ScalarType.Float32) : null;
                    var x = f.Domain.Sample([count, .. entry.Shape.ToArray()], ScalarType.Float32, generator)
                        .requires_grad_();
                    var (y, logDet) = map.ForwardWithLogDet(x, context, entry.Shape.Rank);
                    var (back, inverse) = map.InverseWithLogDet(y.detach(), context, (int)y.dim() - 1);
                    BackwardPass.Run(y.sum() + logDet.sum());
                    foreach (var (what, value) in new[] { ("y", y), ("log-det", logDet), ("x", back),
                        ("inverse", inverse), ("gradient", x.grad!) })
                    {
                        results[$"{what} of {count}{copy}"] = value.detach();
                    }
                }
            }
        }
        finally
        {
            set_default_dtype(ScalarType.Float32);
        }

        return results;
    }
}
