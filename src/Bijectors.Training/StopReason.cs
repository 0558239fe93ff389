namespace Bijectors.Training;

/// <summary>Why a run ended.</summary>
public enum StopReason
{
    /// <summary>The epochs, steps or seconds asked for are done.</summary>
    Completed,

    /// <summary>The validation has got no better for <see cref="TrainingOptions.Patience"/> epochs.</summary>
    EarlyStop,

    /// <summary>The cancellation token was set.</summary>
    Cancelled,

    /// <summary>A callback asked for it.</summary>
    Callback,
}
