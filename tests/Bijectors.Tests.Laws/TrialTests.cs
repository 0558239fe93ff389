using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>A trial owns its bijectors, and the trials of a case are made once for each dtype.</summary>
public sealed class TrialTests
{
    private static readonly LawCase s_case = new(_ => new Sketch(), Shape.Vector(3));

    [Fact]
    public void InFloat64TheBijectorIsItsOwnTwin()
    {
        using var scope = NewDisposeScope();
        using var trial = new Trial(s_case, ScalarType.Float64);
        Assert.Same(trial.Bijector, trial.Exact);
        using var narrow = new Trial(s_case, ScalarType.Float32);
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
            using var trial =
                new Trial(new LawCase(_ => new Sketch(), Shape.Vector(3), seed: seed), ScalarType.Float32);
            return rand(1, generator: trial.Chance(use)).item<float>();
        }
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    public void ParametersOutliveTheScopeInWhichATrialIsMade(ScalarType dtype)
    {
        Trial trial;
        using (NewDisposeScope())
        {
            trial = new Trial(s_case, dtype);
        }

        Assert.All(State(trial), tensor => Assert.False(tensor.IsInvalid));
        trial.Dispose();
    }

    [Fact]
    public void TrialsAreMadeOnce()
    {
        using var trials = new Trials(s_case);
        Assert.Same(trials[ScalarType.Float32], trials[ScalarType.Float32]);
        Assert.NotSame(trials[ScalarType.Float32], trials[ScalarType.Float64]);
    }

    [Fact]
    public void TheyAreDisposedTogetherWithWhatWasMadeMeanwhile()
    {
        var trials = new Trials(s_case);
        var state = State(trials[ScalarType.Float32]).Concat(State(trials[ScalarType.Float64])).ToList();
        var meanwhile = zeros(1);
        trials.Dispose();
        Assert.All(state.Append(meanwhile), tensor => Assert.True(tensor.IsInvalid));
    }

    private static IEnumerable<Tensor> State(Trial trial) =>
        trial.Bijector.state_dict().Values.Concat(trial.Exact.state_dict().Values);
}
