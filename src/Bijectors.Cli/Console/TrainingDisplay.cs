using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>Shows how training goes, to a person or to a log.</summary>
internal abstract class TrainingDisplay
{
    public static TrainingDisplay On(Terminal terminal) =>
        terminal.IsInteractive ? new LiveTrainingDisplay(terminal) : new LineTrainingDisplay(terminal);

    /// <summary>Runs some training and shows the progress that it reports.</summary>
    /// <param name="label">What is trained: <c>Glow</c>.</param>
    /// <param name="train">The training.</param>
    public abstract TrainingResult Show(string label, Func<IProgress<TrainingProgress>, TrainingResult> train);

    protected static string Unit(LossUnit unit) => unit == LossUnit.Nats ? "nats" : "bits/dim";

    /// <summary>Reports on the training thread, where <see cref="Progress{T}"/> would come late on another.</summary>
    protected sealed class Listener(Action<TrainingProgress> hear) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => hear(value);
    }
}
