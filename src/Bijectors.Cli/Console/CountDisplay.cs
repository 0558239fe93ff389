using System.Diagnostics;
using Spectre.Console;

namespace Bijectors.Cli;

/// <summary>Shows how far something is that is counted, with the time to go: a bar for a person, lines in a pipe,
/// nothing under --quiet.</summary>
internal sealed class CountDisplay(Terminal terminal)
{
    /// <summary>Does something and shows what it reports.</summary>
    /// <param name="label">What is done.</param>
    /// <param name="unit">What is counted, in the plural.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="work">Does it; it reports how many are done.</param>
    public T Show<T>(string label, string unit, long count, Func<IProgress<long>, T> work)
    {
        if (!terminal.IsTalking)
        {
            return work(new Listener<long>(_ => { }));
        }

        var clock = Stopwatch.StartNew();
        if (!terminal.IsInteractive)
        {
            var cadence = Cadence.Later();
            return work(new Listener<long>(done =>
            {
                if (cadence.IsDue(clock.Elapsed))
                {
                    terminal.Note(ProgressText.Of(label, unit, done, count, clock.Elapsed));
                }
            }));
        }

        return terminal.Ansi.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 20 },
                new PercentageColumn())
            .Start(context =>
            {
                var task = context.AddTask(Markup.Escape(label), maxValue: count);
                return work(new Listener<long>(done =>
                {
                    task.Value = done;
                    task.Description = Markup.Escape(ProgressText.Of(label, unit, done, count, clock.Elapsed));
                }));
            });
    }
}
