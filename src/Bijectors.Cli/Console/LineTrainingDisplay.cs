using System.Diagnostics;
using System.Globalization;
using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>A plain line now and then, for logs.</summary>
internal sealed class LineTrainingDisplay(Terminal terminal) : TrainingDisplay
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public override TrainingResult Show(string label, Func<IProgress<TrainingProgress>, TrainingResult> train)
    {
        var next = TimeSpan.Zero;
        return train(new Listener<TrainingProgress>(now =>
        {
            if (now.Elapsed >= next || (now.EpochEnded && now.Fraction >= 1))
            {
                next = now.Elapsed + Pause;
                terminal.Line(Text(label, now));
            }
        }));
    }

    public override T Measure<T>(string label, Func<IProgress<string>, T> measure)
    {
        var clock = Stopwatch.StartNew();
        var next = TimeSpan.Zero;
        return measure(new Listener<string>(what =>
        {
            if (clock.Elapsed >= next)
            {
                next = clock.Elapsed + Pause;
                terminal.Line($"{label,-13} measured: {what}");
            }
        }));
    }

    private static string Text(string label, TrainingProgress now)
    {
        var validation = now.ValidationLoss is { } seen
            ? string.Create(CultureInfo.InvariantCulture, $", validation {seen:F3}") : "";
        var loss =
            string.Create(CultureInfo.InvariantCulture, $"train {now.TrainLoss:F3}{validation} {Unit(now.Unit)}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{label,-13} {now.Fraction,4:P0}  epoch {now.Epoch}, step {now.Step}: {loss}, {now.StepsPerSecond:F1} "
            + $"steps/s, {now.Remaining.TotalSeconds:F0} s to go");
    }
}
