namespace Bijectors.Training;

/// <summary>How much of a run is done, and the learning rate that belongs to it.</summary>
internal sealed class RunLimits
{
    private readonly TrainingOptions _options;
    private readonly long? _steps;

    public RunLimits(TrainingOptions options, long stepsPerEpoch)
    {
        _options = options;
        long? epochs = options is { Epochs: null, Steps: null, Seconds: null } ? TrainingOptions.UsualEpochs : options.Epochs;
        _steps = epochs is null ? options.Steps : Math.Min(epochs.Value * stepsPerEpoch, options.Steps ?? long.MaxValue);
    }

    /// <summary>The fraction of the run that is done, 0 to 1, by the limit that is nearest to being reached.</summary>
    public double Done(long steps, double seconds) =>
        Math.Min(1, Math.Max(steps / (double?)_steps ?? 0, seconds / _options.Seconds ?? 0));

    /// <summary>
    /// The learning rate of the step behind the first <paramref name="steps"/>: linear warm-up times half a cosine.
    /// </summary>
    public double LearningRate(long steps, double seconds)
    {
        var warmup = steps < _options.WarmupSteps ? (steps + 1.0) / _options.WarmupSteps : 1;
        var decay = _options.CosineDecay ? 0.5 * (1 + Math.Cos(Math.PI * Done(steps, seconds))) : 1;
        return _options.LearningRate * warmup * decay;
    }
}
