using Bijectors.Testing;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Frozen;

/// <summary>A frozen flow is the same distribution.</summary>
public sealed class FrozenFlowTests : IDisposable
{
    private static readonly Shape s_digit = Shape.Image(1, 8, 8);

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> ModelNames => [.. Models.Names];

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void A_model_of_the_zoo_has_the_same_density_and_the_same_samples(string name)
    {
        // So little that no sample is pressed against an end of the support, where the density has few digits.
        var flow = Trained.Flow(Models.Named(name).Create(s_digit, levels: 17), 0.01);
        flow.to(ScalarType.Float64);
        var frozen = flow.Frozen();
        Assert.Equal(0, frozen.ParameterCount);
        AssertSame(flow, frozen, null);
        AssertSame(flow, frozen.Frozen(), null);
    }

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void In_float32_a_frozen_model_is_as_exact_as_it_was(string name)
    {
        using var leaving = no_grad();
        var flow = Trained.Flow(Models.Named(name).Create(s_digit, levels: 17), 0.03);
        var (x, logProb) = Draw(flow, 20, null, 3);
        var frozen = flow.Frozen();
        var again = LogProb(frozen, x, null);
        Assert.Equal(ScalarType.Float32, again.dtype);
        var decoded = Draw(frozen, 20, null, 3);
        Assert.InRange(Trained.Difference(x, decoded.X), 0, 1e-3);
        if (!flow.HasExactLogProb)
        {
            // Noise of float64 is other noise, so that nothing says how exact the two bounds are.
            Assert.InRange(Trained.Difference(LogProb(flow, x, null), again), 0, 0.1);
            return;
        }

        flow.to(ScalarType.Float64);
        var exact = flow.LogProb(x.to(ScalarType.Float64));
        var plain = Trained.Difference(exact, logProb.to(ScalarType.Float64));
        Assert.InRange(Trained.Difference(exact, again.to(ScalarType.Float64)), 0, (3 * plain) + 1e-6);
        Assert.InRange(Trained.Difference(logProb, decoded.LogProb), 0, (6 * plain) + 1e-5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_flows_have_the_same_density_and_the_same_samples(int block)
    {
        for (var seed = 25 * block; seed < 25 * (block + 1); seed++)
        {
            using var scope = NewDisposeScope();
            var drawn = RandomFlow.Draw(seed);
            using var flow = drawn.Declare(seed);
            flow.to(ScalarType.Float64);
            using var frozen = flow.Frozen();
            AssertSame(flow, frozen, drawn.ContextSize is { } size
                ? randn([5, size], ScalarType.Float64, generator: new Generator(2)) : null);
        }
    }

    [Fact]
    public void Gradients_reach_points_and_context_but_no_parameters()
    {
        var flow = Trained.Flow(Flow.On(Shape.Vector(4), seed: 1).Conditional(2)
            .ActNorm().Linear().AffineCoupling(hidden: 8).Reverse().ActNorm().Linear()
            .Into(Distribution.StandardNormal));
        flow.to(ScalarType.Float64);
        var x = randn([3, 4], ScalarType.Float64).requires_grad_();
        var context = randn([3, 2], ScalarType.Float64).requires_grad_();
        var expected = autograd.grad([flow.LogProb(x, context).sum()], [x, context]);
        var got = autograd.grad([flow.Frozen().LogProb(x, context).sum()], [x, context]);
        Assert.InRange(Trained.Difference(expected[0], got[0]), 0, 1e-12);
        Assert.InRange(Trained.Difference(expected[1], got[1]), 0, 1e-12);
    }

    [Fact]
    public void Later_training_does_not_reach_it_and_neither_outlives_the_other()
    {
        using var leaving = no_grad();
        var flow = Trained.Flow(Flow.On(s_digit, seed: 1)
            .Dequantize(17).Logit().Squeeze().ActNorm().Conv1x1().Permute().GlowCoupling(8).PermuteElements().Flatten()
            .MaskedAutoregressive(8).Residual(8)
            .Into(Distribution.StandardNormal));
        var x = flow.Dequantize(zeros([2, 1, 8, 8]), new Generator(1));
        var before = flow.LogProb(x);
        using var frozen = flow.Frozen();
        var buffers = flow.named_buffers().Where(row => !row.name.EndsWith("Mask", StringComparison.Ordinal))
            .Select(row => row.buffer);
        foreach (var tensor in flow.parameters().Concat(buffers)
            .Where(tensor => tensor.is_floating_point() && tensor.dim() > 0))
        {
            tensor.mul_(0.5);
        }

        Assert.InRange(Trained.Difference(before, frozen.LogProb(x)), 0, 1e-4);
        Assert.True(Trained.Difference(before, flow.LogProb(x)) > 1e-3);
        flow.to(ScalarType.Float64);
        frozen.LogProb(x).Dispose();
        using (var other = flow.Frozen())
        {
        }

        flow.LogProb(x.to(ScalarType.Float64)).Dispose();
        flow.Dispose();
        frozen.LogProb(x).Dispose();
    }

    [Fact]
    public void Moments_of_a_batch_are_set_before_and_not_by_the_frozen_flow()
    {
        using var leaving = no_grad();
        var flow = Flow.On(Shape.Vector(3)).ActNorm().Into(Distribution.StandardNormal);
        var frozen = flow.Frozen();
        var batch = 5 + randn([50, 3]);
        frozen.Initialize(batch);
        Assert.Equal(0, Trained.Difference(flow.LogProb(batch), frozen.LogProb(batch)));
    }

    public void Dispose() => _scope.Dispose();

    private static void AssertSame(Flow flow, Flow frozen, Tensor? context)
    {
        using var leaving = no_grad();
        Assert.Equal(flow.EventShape, frozen.EventShape);
        Assert.Equal(flow.BaseShape, frozen.BaseShape);
        Assert.Equal(flow.Levels, frozen.Levels);
        Assert.Equal(flow.ContextShape, frozen.ContextShape);

        // By name, as the law FrozenAgrees: a copy has rearrangements of its own in front of the set.
        Assert.Equal($"{flow.Transform.Domain}", $"{frozen.Transform.Domain}");
        var (x, logProb) = Draw(Again(flow), 5, context, 1);
        var (frozenX, frozenLogProb) = Draw(Again(frozen), 5, context, 1);
        Assert.InRange(Trained.Difference(x, frozenX), 0, 1e-9);
        Assert.InRange(Trained.Difference(logProb, frozenLogProb), 0, 1e-9);
        Assert.InRange(
            Trained.Difference(LogProb(Again(flow), x, context), LogProb(Again(frozen), x, context)), 0, 1e-10);

        // Estimates from the same noise.
        static Flow Again(Flow flow)
        {
            flow.Transform.LogDetNoise.ToList().ForEach(noise => noise.manual_seed(2));
            return flow;
        }
    }

    /// <summary>The density, or the bound by the same noise.</summary>
    private static Tensor LogProb(Flow flow, Tensor x, Tensor? context)
    {
        using var noise = new Generator(4);
        return flow.HasExactLogProb ? flow.LogProb(x, context) : flow.LowerBound(x, context, generator: noise);
    }

    private static (Tensor X, Tensor LogProb) Draw(Flow flow, int count, Tensor? context, ulong seed)
    {
        using var generator = new Generator(seed);
        if (flow.HasExactLogProb)
        {
            return flow.SampleWithLogProb(count, context, generator);
        }

        var x = flow.Sample(count, context, generator);
        return (x, LogProb(flow, x, context));
    }
}
