using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>Shows how training and measuring go, to a person or to a log.</summary>
internal abstract class TrainingDisplay
{
    /// <summary>The display for a terminal: a bar that moves, lines in a pipe, nothing under --quiet.</summary>
    /// <param name="terminal">The terminal.</param>
    /// <param name="stages">What the trainings are a part of; null for a single one.</param>
    public static TrainingDisplay On(Terminal terminal, Stages? stages = null) => terminal switch
    {
        { IsTalking: false } => new SilentTrainingDisplay(),
        { IsInteractive: true } => new LiveTrainingDisplay(terminal, stages ?? new(1)),
        _ => new LineTrainingDisplay(terminal.Note, stages ?? new(1)),
    };

    /// <summary>Runs some training and shows the progress that it reports.</summary>
    /// <param name="label">What is trained: <c>Glow</c>.</param>
    /// <param name="train">The training.</param>
    public abstract TrainingResult Show(string label, Func<IProgress<TrainingProgress>, TrainingResult> train);

    /// <summary>Measures a trained flow and shows what it is at.</summary>
    /// <param name="label">What is measured: <c>Glow</c>.</param>
    /// <param name="measure">The measurement; it reports what it is doing.</param>
    public abstract T Measure<T>(string label, Func<IProgress<string>, T> measure);
}
