using System.Diagnostics;

namespace Bijectors.Cli;

/// <summary>Medians of repeated times.</summary>
internal static class Stopwatches
{
    private const int LeastRounds = 5;
    private const int LeastPairs = 3;

    /// <summary>
    /// The median time of an action in seconds. It is done for a fifth of the time before anything counts: the runtime
    /// compiles, caches fill.
    /// </summary>
    /// <param name="action">What is timed.</param>
    /// <param name="seconds">For how long it is repeated, at least five times.</param>
    /// <param name="cancellation">Stops between two rounds.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static double Median(Action action, double seconds, CancellationToken cancellation = default)
    {
        Repeat(() => Seconds(action), seconds / 5, 2, cancellation);
        return Middle(Repeat(() => Seconds(action), seconds, LeastRounds, cancellation));
    }

    /// <summary>
    /// The median times of two actions that are taken in turn, and the median of the ratios of neighbours, which other
    /// work of the machine disturbs least. Both are done for a fifth of the time before anything counts.
    /// </summary>
    /// <param name="ours">The first.</param>
    /// <param name="eager">The second.</param>
    /// <param name="seconds">For how long each is repeated; there are at least three pairs.</param>
    /// <param name="cancellation">Stops between two pairs.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static BenchTime Medians(Action ours, Action eager, double seconds, CancellationToken cancellation = default)
    {
        (double Ours, double Eager) Pair() => (Seconds(ours), Seconds(eager));
        Repeat(Pair, 2 * seconds / 5, 1, cancellation);
        var pairs = Repeat(Pair, 2 * seconds, LeastPairs, cancellation);
        return new(
            Middle(pairs.Select(pair => pair.Ours)),
            Middle(pairs.Select(pair => pair.Eager)),
            Middle(pairs.Select(pair => pair.Ours / pair.Eager)));
    }

    private static List<T> Repeat<T>(Func<T> action, double seconds, int least, CancellationToken cancellation)
    {
        var results = new List<T>();
        var whole = Stopwatch.StartNew();
        while (results.Count < least || whole.Elapsed.TotalSeconds < seconds)
        {
            cancellation.ThrowIfCancellationRequested();
            results.Add(action());
        }

        return results;
    }

    private static double Seconds(Action action)
    {
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalSeconds;
    }

    private static double Middle(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
