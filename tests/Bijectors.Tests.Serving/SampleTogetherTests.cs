using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Serving;

/// <summary>Samples for several callers in one pass.</summary>
public sealed class SampleTogetherTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Each_caller_gets_what_he_would_get_alone()
    {
        using var flow = Conditional();
        var contexts = randn([6, 2], generator: new Generator(3));
        var x = flow.SampleTogether([2, 0, 4], [new(1), new(2), new(3)], contexts);
        Assert.Equal([6, 3], x.shape);
        AssertNear(flow.Sample(2, contexts[..2], new Generator(1)), x[..2]);
        AssertNear(flow.Sample(4, contexts[2..], new Generator(3)), x[2..]);
        AssertNear(flow.Sample(2, contexts[0], new Generator(1)), flow.SampleTogether([2], [new(1)], contexts[0]));

        var one = flow.SampleTogether([3], [new Generator(5)], contexts[..3]);
        Assert.True(one.Equals(flow.Sample(3, contexts[..3], new Generator(5))));
    }

    [Fact]
    public void Samples_keep_off_the_ends_of_the_support()
    {
        using var flow = Flow.On(Shape.Vector(1), 1).Then(~(new Scale(1e4) >> Bijector.To(Domain.Unit)))
            .Into(Distribution.StandardNormal);
        var x = flow.SampleTogether([50, 50], [new(1), new(2)]);
        Assert.True(x.gt(0).logical_and(x.lt(1)).all().item<bool>());
        Assert.True(flow.LogProb(x).isfinite().all().item<bool>());
    }

    [Fact]
    public void Counts_generators_and_contexts_must_fit()
    {
        using var flow = Conditional();
        var contexts = zeros(3, 2);
        Assert.Equal(
            "SampleTogether: expected a generator for each count, got 1 for 2. (Parameter 'generators')",
            Assert.Throws<ArgumentException>(() => flow.SampleTogether([1, 2], [new(1)], contexts)).Message);
        Assert.Contains(
            "expected counts of at least 0, got -1",
            Assert.Throws<ArgumentException>(
                () => flow.SampleTogether([1, -1], [new(1), new(2)], contexts)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => flow.SampleTogether([], [], contexts));
        Assert.Throws<ArgumentException>(() => flow.SampleTogether([3], [new(1)]));
        Assert.Throws<ShapeException>(() => flow.SampleTogether([2, 2], [new(1), new(2)], contexts));
    }

    public void Dispose() => _scope.Dispose();

    private static Flow Conditional()
    {
        var flow = Flow.On(Shape.Vector(3), 2).Conditional(2).AffineCoupling(6).MaskedAutoregressive(6)
            .Into(Distribution.StandardNormal);
        using var ungraded = no_grad();
        foreach (var parameter in flow.parameters())
        {
            parameter.add_(randn(parameter.shape, generator: new Generator(2)), alpha: 0.2);
        }

        return flow;
    }

    private static void AssertNear(Tensor expected, Tensor got) =>
        Assert.InRange((expected - got).abs().max().item<float>(), 0, 1e-5);
}
