using Bijectors.Training;

namespace Bijectors.Tests.Training;

public sealed class RunLimitsTests
{
    private static readonly TrainingOptions Plain = new() { LearningRate = 0.1, WarmupSteps = 0, CosineDecay = false };

    [Fact]
    public void Warm_up_is_linear_and_reaches_the_learning_rate()
    {
        var limits = new RunLimits(Plain with { WarmupSteps = 4, Steps = 100 }, stepsPerEpoch: 10);
        Assert.Equal([0.025, 0.05, 0.075, 0.1, 0.1],
            Enumerable.Range(0, 5).Select(step => Math.Round(limits.LearningRate(step, 0), 9)));
    }

    [Fact]
    public void Half_a_cosine_takes_it_to_zero_over_all_steps()
    {
        var limits = new RunLimits(Plain with { CosineDecay = true, Steps = 100 }, stepsPerEpoch: 10);
        Assert.Equal(0.1, limits.LearningRate(0, 0), 9);
        Assert.Equal(0.05, limits.LearningRate(50, 0), 9);
        Assert.Equal(0.1 * 0.5 * (1 + Math.Cos(0.75 * Math.PI)), limits.LearningRate(75, 0), 9);
        Assert.Equal(0, limits.LearningRate(100, 0), 9);
    }

    [Fact]
    public void With_a_time_limit_the_elapsed_time_counts()
    {
        var limits = new RunLimits(Plain with { CosineDecay = true, Seconds = 8 }, stepsPerEpoch: 10);
        Assert.Equal(0.1, limits.LearningRate(1_000_000, 0), 9);
        Assert.Equal(0.05, limits.LearningRate(5, 4), 9);
        Assert.Equal(1, limits.Done(5, 9));
    }

    [Theory]
    [InlineData(2, null, null, 0.5)]
    [InlineData(2, 12L, null, 10 / 12.0)]
    [InlineData(2, 1000L, null, 0.5)]
    [InlineData(2, null, 4.0, 0.75)]
    [InlineData(null, null, null, 1.0 / TrainingOptions.UsualEpochs)]
    public void The_limit_that_is_nearest_counts(int? epochs, long? steps, double? seconds, double done)
    {
        var limits = new RunLimits(Plain with { Epochs = epochs, Steps = steps, Seconds = seconds }, stepsPerEpoch: 10);
        Assert.Equal(done, limits.Done(10, 3), 9);
    }
}
