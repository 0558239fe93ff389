using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>A context owns its bijectors, and the contexts of a case are made once for each dtype.</summary>
public sealed class LawContextTests
{
    private static readonly LawCase s_case = new(_ => new Sketch(), Shape.Vector(3));

    [Fact]
    public void InFloat64TheBijectorIsItsOwnTwin()
    {
        using var scope = NewDisposeScope();
        using var lawContext = new LawContext(s_case, ScalarType.Float64);
        Assert.Same(lawContext.Bijector, lawContext.Exact);
        using var narrow = new LawContext(s_case, ScalarType.Float32);
        Assert.NotSame(narrow.Bijector, narrow.Exact);
    }

    [Fact]
    public void EverySeedAndEveryUseHasItsChance()
    {
        using var scope = NewDisposeScope();
        var drawn = from seed in new[] { 0, 1, 2 } from use in new[] { 0, 1, 500 } select Drawn(seed, use);
        Assert.Equal(9, drawn.Distinct().Count());
        Assert.Equal(Drawn(1, 1), Drawn(1, 1));

        static float Drawn(int seed, int use)
        {
            using var lawContext =
                new LawContext(new LawCase(_ => new Sketch(), Shape.Vector(3), seed: seed), ScalarType.Float32);
            return rand(1, generator: lawContext.GeneratorFor(use)).item<float>();
        }
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    public void ParametersOutliveTheScopeInWhichATrialIsMade(ScalarType dtype)
    {
        LawContext lawContext;
        using (NewDisposeScope())
        {
            lawContext = new LawContext(s_case, dtype);
        }

        Assert.All(State(lawContext), tensor => Assert.False(tensor.IsInvalid));
        lawContext.Dispose();
    }

    [Fact]
    public void TrialsAreMadeOnce()
    {
        using var lawContexts = new LawContexts(s_case);
        Assert.Same(lawContexts[ScalarType.Float32], lawContexts[ScalarType.Float32]);
        Assert.NotSame(lawContexts[ScalarType.Float32], lawContexts[ScalarType.Float64]);
    }

    [Fact]
    public void TheyAreDisposedTogetherWithWhatWasMadeMeanwhile()
    {
        var lawContexts = new LawContexts(s_case);
        var state = State(lawContexts[ScalarType.Float32]).Concat(State(lawContexts[ScalarType.Float64])).ToList();
        var meanwhile = zeros(1);
        lawContexts.Dispose();
        Assert.All(state.Append(meanwhile), tensor => Assert.True(tensor.IsInvalid));
    }

    private static IEnumerable<Tensor> State(LawContext lawContext) =>
        lawContext.Bijector.state_dict().Values.Concat(lawContext.Exact.state_dict().Values);
}
