using System.Globalization;
using Bijectors.Training;
using Spectre.Console;

namespace Bijectors.Cli;

/// <summary>A bar that moves, for a person.</summary>
internal sealed class LiveTrainingDisplay(Terminal terminal) : TrainingDisplay
{
    public override TrainingResult Show(string label, Func<IProgress<TrainingProgress>, TrainingResult> train) =>
        terminal.Ansi.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 20 },
                new PercentageColumn())
            .Start(context =>
            {
                var task = context.AddTask(Markup.Escape(label), maxValue: 1);
                return train(new Listener<TrainingProgress>(now =>
                {
                    task.Value = now.Fraction;
                    task.Description = Text(label, now);
                }));
            });

    public override T Measure<T>(string label, Func<IProgress<string>, T> measure) =>
        terminal.Ansi.Status().Start(
            Markup.Escape($"{label} is measured"),
            context =>
                measure(new Listener<string>(what => context.Status(Markup.Escape($"{label} is measured: {what}")))));

    private static string Text(string label, TrainingProgress now)
    {
        var loss = string.Create(CultureInfo.InvariantCulture, $"{now.ValidationLoss ?? now.TrainLoss:F3}");
        var pace = string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {now.Epoch}, {now.StepsPerSecond:F0} steps/s, {now.Remaining:h\\:mm\\:ss} left");
        return $"{Markup.Escape(label),-10} [bold]{loss}[/] {Unit(now.Unit)} [grey]{pace}[/]";
    }
}
