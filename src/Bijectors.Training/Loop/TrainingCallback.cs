namespace Bijectors.Training;

/// <summary>
/// Looks at a run after each update and each validation, on the training thread, and may stop it. What it draws or
/// changes is not part of a checkpoint.
/// </summary>
public abstract class TrainingCallback
{
    /// <summary>Called after each update.</summary>
    /// <param name="now">The run.</param>
    public virtual void AfterStep(TrainingMoment now)
    {
    }

    /// <summary>Called after each record of the history, validated or not.</summary>
    /// <param name="now">The run; the last record of its history is the new one.</param>
    public virtual void AfterValidation(TrainingMoment now)
    {
    }

    /// <summary>A callback from functions.</summary>
    /// <param name="afterStep">Called after each update; null for nothing.</param>
    /// <param name="afterValidation">Called after each record of the history; null for nothing.</param>
    public static TrainingCallback From(
        Action<TrainingMoment>? afterStep = null, Action<TrainingMoment>? afterValidation = null) =>
        new Functions(afterStep, afterValidation);

    private sealed class Functions(Action<TrainingMoment>? afterStep, Action<TrainingMoment>? afterValidation)
        : TrainingCallback
    {
        public override void AfterStep(TrainingMoment now) => afterStep?.Invoke(now);

        public override void AfterValidation(TrainingMoment now) => afterValidation?.Invoke(now);
    }
}
