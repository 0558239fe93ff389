using System.Diagnostics;
using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>What a training tells on its way: to the terminal, and to the log and the curves of its directory where it
/// has one.</summary>
internal class RunJournal(Terminal terminal)
{
    public virtual void Note(string text) => terminal.Note(text);

    public virtual void Warn(string text) => terminal.Warn(text);

    /// <summary>Adds the log's lines to a display of progress.</summary>
    public virtual IProgress<TrainingProgress> Follow(string label, IProgress<TrainingProgress> display) => display;

    /// <summary>Writes the curves, if they have not been written a moment ago.</summary>
    public virtual void CurvesIfDue(IReadOnlyList<EpochRecord> history)
    {
    }

    /// <summary>Writes the curves.</summary>
    public virtual void Curves(IReadOnlyList<EpochRecord> history)
    {
    }

    /// <summary>Writes the report, where there is a place for it.</summary>
    /// <param name="page">Makes it, which takes a while.</param>
    public virtual void Report(Func<string> page)
    {
    }

    /// <summary>A journal that a directory keeps too.</summary>
    internal sealed class Kept(Terminal terminal, RunFolder folder, RunLog log) : RunJournal(terminal)
    {
        private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
        private long? _written;

        public override void Note(string text)
        {
            log.Line(text);
            base.Note(text);
        }

        public override void Warn(string text)
        {
            log.Line($"Warning: {text}");
            base.Warn(text);
        }

        public override IProgress<TrainingProgress> Follow(string label, IProgress<TrainingProgress> display)
        {
            var cadence = Cadence.AtOnce();
            return new Listener<TrainingProgress>(now =>
            {
                if ((now.EpochEnded && now.Fraction >= 1) || cadence.IsDue(now.Elapsed))
                {
                    log.Line(ProgressText.Of(label, now, null));
                }

                display.Report(now);
            });
        }

        public override void CurvesIfDue(IReadOnlyList<EpochRecord> history)
        {
            if (_written is null || Stopwatch.GetElapsedTime(_written.Value) >= s_pause)
            {
                Curves(history);
            }
        }

        public override void Curves(IReadOnlyList<EpochRecord> history)
        {
            try
            {
                folder.WriteCurves(history);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or UserException)
            {
                // The checkpoint tells of a disk that is full; curves alone end no run.
                log.Line($"{RunFolder.CurvesFile} is not written: {exception.Message}");
            }

            _written = Stopwatch.GetTimestamp();
        }

        public override void Report(Func<string> page)
        {
            try
            {
                folder.WriteReport(page());
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or UserException)
            {
                // The model is saved: what it looks like ends no run.
                Warn($"{RunFolder.ReportFile} is not written: {exception.Message}");
            }
        }
    }
}
