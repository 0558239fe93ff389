namespace Bijectors.Training;

/// <summary>Passes progress on, at the end of each epoch and about five times a second in between.</summary>
internal sealed class ProgressReports(IProgress<TrainingProgress>? listener, RunLimits limits, LossUnit unit)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.2);
    private TimeSpan _next = Pause;

    public void Report(
        int epoch, long step, double trainLoss, double? validationLoss, Clock run, TimeSpan training, bool epochEnded)
    {
        if (listener is null || (!epochEnded && run.Elapsed < _next))
        {
            return;
        }

        _next = run.Elapsed + Pause;
        var done = limits.Done(step, run.Elapsed.TotalSeconds);
        var remaining = done > 0 ? run.Elapsed * ((1 - done) / done) : TimeSpan.Zero;
        var pace = step / Math.Max(1e-9, training.TotalSeconds);
        listener.Report(
            new(epoch, step, done, trainLoss, validationLoss, unit, pace, run.Elapsed, remaining, epochEnded));
    }
}
