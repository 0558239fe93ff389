namespace Bijectors.Training;

/// <summary>How far a run is.</summary>
/// <param name="Epoch">The current epoch, from 1.</param>
/// <param name="Step">The number of updates so far.</param>
/// <param name="Fraction">How much of the run is done, 0 to 1, by the limit that will be reached first.</param>
/// <param name="TrainLoss">The mean loss of the current epoch's batches so far, in <paramref name="Unit"/>.</param>
/// <param name="ValidationLoss">The latest validation, in its unit, as a rule <paramref name="Unit"/>; null before the
/// first.</param>
/// <param name="Unit">The unit of the loss.</param>
/// <param name="StepsPerSecond">Updates per second of training, validation left out.</param>
/// <param name="Elapsed">The wall time so far.</param>
/// <param name="Remaining">The wall time to go at this pace.</param>
/// <param name="EpochEnded">True for the report that ends an epoch, or a record within one, false for those in
/// between.</param>
public sealed record TrainingProgress(
    int Epoch,
    long Step,
    double Fraction,
    double TrainLoss,
    double? ValidationLoss,
    LossUnit Unit,
    double StepsPerSecond,
    TimeSpan Elapsed,
    TimeSpan Remaining,
    bool EpochEnded)
{
    /// <summary>
    /// A listener that writes a line every five seconds and at the end, as the last argument of <see
    /// cref="Trainer.Train(Flow, TrainingData, TrainingOptions?, IProgress{TrainingProgress}?,
    /// CancellationToken)"/>.
    /// </summary>
    /// <param name="writer">Where to; the console if null.</param>
    public static IProgress<TrainingProgress> Lines(TextWriter? writer = null) => new ProgressLines(writer);

    /// <summary>One line: how far, losses, pace and time to go.</summary>
    public override string ToString()
    {
        var unit = Unit.Text() is { Length: > 0 } text ? $" {text}" : "";
        var validation = ValidationLoss is { } seen ? $", validation {seen:f3}" : "";
        return $"{Fraction:p0}, epoch {Epoch}, step {Step}: train {TrainLoss:f3}{validation}{unit}, "
            + $"{StepsPerSecond:f1} steps/s, {Remaining.TotalSeconds:f0} s to go";
    }
}
