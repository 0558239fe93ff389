using System.Diagnostics;

namespace Bijectors.Cli;

/// <summary>Medians of repeated times.</summary>
internal static class Stopwatches
{
    private const int LeastRounds = 5;

    /// <summary>
    /// The median time of an action in seconds. It is done for a fifth of the time before anything counts: the runtime compiles, caches fill.
    /// </summary>
    /// <param name="action">What is timed.</param>
    /// <param name="seconds">For how long it is repeated, at least five times.</param>
    /// <param name="cancellation">Stops between two rounds.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static double Median(Action action, double seconds, CancellationToken cancellation = default)
    {
        Repeat(action, seconds / 5, 2, cancellation);
        var times = Repeat(action, seconds, LeastRounds, cancellation);
        times.Sort();
        return (times[(times.Count - 1) / 2] + times[times.Count / 2]) / 2;
    }

    private static List<double> Repeat(Action action, double seconds, int least, CancellationToken cancellation)
    {
        var times = new List<double>();
        var whole = Stopwatch.StartNew();
        while (times.Count < least || whole.Elapsed.TotalSeconds < seconds)
        {
            cancellation.ThrowIfCancellationRequested();
            var one = Stopwatch.StartNew();
            action();
            times.Add(one.Elapsed.TotalSeconds);
        }

        return times;
    }
}
