namespace Bijectors.Training;

/// <summary>
/// What came of one epoch, or of a part of one where <see cref="TrainingOptions.Validations"/> asks for more.
/// </summary>
/// <param name="Epoch">Which epoch, from 1.</param>
/// <param name="Step">The number of updates at its end.</param>
/// <param name="Seconds">The wall time at its end.</param>
/// <param name="TrainLoss">The mean loss of its batches, each before its update.</param>
/// <param name="ValidationLoss">What validation measured at its end; null where nothing is measured, and where
/// <see cref="TrainingOptions.ValidationShare"/> left it out.</param>
/// <param name="LearningRate">The learning rate of its last update.</param>
public sealed record EpochRecord(
    int Epoch, long Step, double Seconds, double TrainLoss, double? ValidationLoss, double LearningRate);
