namespace Bijectors.Training;

/// <summary>A line of progress now and then; the time is the run's own, so that it reads no clock.</summary>
internal sealed class ProgressLines(TextWriter? writer) : IProgress<TrainingProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private TimeSpan _next = Pause;

    public void Report(TrainingProgress value)
    {
        if (value.Elapsed >= _next || (value.EpochEnded && value.Fraction >= 1))
        {
            _next = value.Elapsed + Pause;
            (writer ?? Console.Out).WriteLine(value);
        }
    }
}
