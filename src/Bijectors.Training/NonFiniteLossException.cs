namespace Bijectors.Training;

/// <summary>
/// The loss or its gradient is NaN or infinite. The flow keeps the best weights it had, or those before the failing
/// step.
/// </summary>
public sealed class NonFiniteLossException : Exception
{
    /// <summary>An exception that names the step and the place.</summary>
    /// <param name="step">The step that failed, from 1.</param>
    /// <param name="what">What is not finite: <c>the loss is NaN</c>.</param>
    /// <param name="where">Where the first value that is not finite came from: <c>Chain[2] (Exp)</c>.</param>
    public NonFiniteLossException(long step, string what, string where)
        : base($"Training stopped at step {step}: {what}; {where}; try a lower learning rate or a smaller clip norm; "
            + "run \"bijectors doctor\", which asks torch's operations for right values on this processor.")
    {
        Step = step;
        Where = where;
    }

    /// <summary>The step that failed, from 1.</summary>
    public long Step { get; }

    /// <summary>Where the first value that is not finite came from.</summary>
    public string Where { get; }
}
