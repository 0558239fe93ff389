namespace Bijectors.Training;

/// <summary>What came of a run. The flow holds the weights of <see cref="BestStep"/>.</summary>
public sealed record TrainingResult
{
    /// <summary>One record for each epoch, or several; the last epoch may have been cut short.</summary>
    public required IReadOnlyList<EpochRecord> History { get; init; }

    /// <summary>
    /// The epoch whose weights were kept: the one with the best validation, or the last without one.
    /// </summary>
    public required int BestEpoch { get; init; }

    /// <summary>The number of updates behind the weights that were kept.</summary>
    public required long BestStep { get; init; }

    /// <summary>The validation of <see cref="BestStep"/>; null where nothing is measured.</summary>
    public required double? BestValidationLoss { get; init; }

    /// <summary>
    /// The validation items, by their places, that have no finite loss under the weights that were kept: outside the
    /// support, say. Losses are means over the others, and an epoch that leaves out fewer counts as better.
    /// </summary>
    public IReadOnlyList<long> ValidationItemsLeftOut { get; init; } = [];

    /// <summary>In what losses are measured.</summary>
    public required LossUnit Unit { get; init; }

    /// <summary>In what validation measures; as a rule the unit of the loss.</summary>
    public LossUnit ValidationUnit { get; init; }

    /// <summary>The number of updates.</summary>
    public required long Steps { get; init; }

    /// <summary>The wall time, validation included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training items per second of training, validation left out.</summary>
    public required double ItemsPerSecond { get; init; }

    /// <summary>Why the run ended.</summary>
    public required StopReason StopReason { get; init; }
}
