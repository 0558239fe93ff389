namespace Bijectors.Distributed;

/// <summary>
/// Ranks that are threads of this process, to test what is computed by several: all operations give the same as over
/// MPI. One of them runs at a time, up to the operation where it waits for the others, so that they are no way to
/// compute faster.
/// </summary>
public static class LocalRanks
{
    /// <summary>Runs the same on each of several ranks.</summary>
    /// <param name="size">The number of ranks.</param>
    /// <param name="run">What a rank does with its communicator.</param>
    /// <exception cref="ArgumentException">There is no rank.</exception>
    /// <exception cref="AggregateException">What was thrown on the ranks, first by the one that failed by
    /// itself.</exception>
    public static void Run(int size, Action<Communicator> run)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentNullException.ThrowIfNull(run);
        var meeting = new Meeting(size);
        var threads = Enumerable.Range(0, size).Select(rank => new Thread(() => meeting.Run(rank, run))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (meeting.Failures.Count > 0)
        {
            throw new AggregateException(meeting.Failures);
        }
    }
}
