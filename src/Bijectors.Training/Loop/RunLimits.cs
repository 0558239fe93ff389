namespace Bijectors.Training;

/// <summary>How much of a run is done, and the learning rate that belongs to it.</summary>
internal sealed class RunLimits
{
    private readonly TrainingOptions _options;
    private readonly bool _moreIsBetter;
    private readonly long? _steps;

    public RunLimits(TrainingOptions options, long stepsPerEpoch, bool moreIsBetter = false)
    {
        (_options, _moreIsBetter) = (options, moreIsBetter);
        long? epochs = options is { Epochs: null, Steps: null, Seconds: null }
            ? TrainingOptions.UsualEpochs
            : options.Epochs;
        _steps = epochs is { } count
            ? Math.Min(count * stepsPerEpoch, options.Steps ?? long.MaxValue)
            : options.Steps;
    }

    /// <summary>The fraction of the run that is done, 0 to 1, by the limit that is nearest to being reached.</summary>
    public double Done(long steps, double seconds) =>
        Math.Min(1, Math.Max(steps / (double?)_steps ?? 0, seconds / _options.Seconds ?? 0));

    /// <summary>The learning rate of the step behind the first <paramref name="steps"/>.</summary>
    /// <exception cref="ArgumentException">The schedule gives no rate.</exception>
    public double LearningRate(long steps, double seconds, IReadOnlyList<EpochRecord>? history = null)
    {
        var schedule = _options.UsedSchedule;
        var rate = schedule.Rate(
            _options.LearningRate, new(steps, Done(steps, seconds), history ?? [], _moreIsBetter));
        return rate is >= 0 and < double.PositiveInfinity
            ? rate
            : throw new ArgumentException(
                $"{schedule}: expected a finite learning rate of 0 or more for step {steps + 1}, got {rate}.");
    }
}
