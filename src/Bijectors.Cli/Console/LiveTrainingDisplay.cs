using Bijectors.Training;
using Spectre.Console;

namespace Bijectors.Cli;

/// <summary>A bar that moves, for a person.</summary>
internal sealed class LiveTrainingDisplay(Terminal terminal, Stages stages) : TrainingDisplay
{
    public override TrainingResult Show(string label, Func<IProgress<TrainingProgress>, TrainingResult> train) =>
        terminal.Ansi.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 20 },
                new PercentageColumn())
            .Start(context =>
            {
                var task = context.AddTask(Markup.Escape(stages.Label(label)), maxValue: 1);
                return train(new Listener<TrainingProgress>(now =>
                {
                    task.Value = now.Fraction;
                    task.Description = Text(stages.Label(label), now, stages.Remaining(now.Remaining));
                }));
            });

    public override T Measure<T>(string label, Func<IProgress<string>, T> measure) =>
        terminal.Ansi.Status().Start(
            Markup.Escape($"{stages.Label(label)} is measured"),
            context => measure(new Listener<string>(what =>
                context.Status(Markup.Escape($"{stages.Label(label)} is measured: {what}")))));

    private static string Text(string label, TrainingProgress now, TimeSpan? all)
    {
        var loss = FormattableString.Invariant($"{now.ValidationLoss ?? now.TrainLoss:F3}");
        var pace = FormattableString.Invariant($"epoch {now.Epoch}, {now.StepsPerSecond:F0} steps/s, ")
            + $"{ProgressText.Duration(now.Remaining)} left"
            + (all is { } left ? $", {ProgressText.Duration(left)} of all" : "");
        return $"{Markup.Escape(label),-10} [bold]{loss}[/] {now.Unit.Text()} [grey]{pace}[/]";
    }
}
