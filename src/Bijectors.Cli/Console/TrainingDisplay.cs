using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>Shows how training and measuring go, to a person or to a log.</summary>
internal abstract class TrainingDisplay
{
    public static TrainingDisplay On(Terminal terminal) =>
        terminal.IsInteractive ? new LiveTrainingDisplay(terminal) : new LineTrainingDisplay(terminal);

    /// <summary>Runs some training and shows the progress that it reports.</summary>
    /// <param name="label">What is trained: <c>Glow</c>.</param>
    /// <param name="train">The training.</param>
    public abstract TrainingResult Show(string label, Func<IProgress<TrainingProgress>, TrainingResult> train);

    /// <summary>Measures a trained flow and shows what it is at.</summary>
    /// <param name="label">What is measured: <c>Glow</c>.</param>
    /// <param name="measure">The measurement; it reports what it is doing.</param>
    public abstract T Measure<T>(string label, Func<IProgress<string>, T> measure);

    protected static string Unit(LossUnit unit) => unit == LossUnit.Nats ? "nats" : "bits/dim";
}
