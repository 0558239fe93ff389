namespace Bijectors.Serving;

/// <summary>How a <see cref="FlowQueue"/> collects requests into batches, and how much it takes in.</summary>
public sealed record FlowQueueOptions
{
    /// <summary>
    /// How many rows, items to score or samples to draw, pass through the flow at a time; 1 for every request by
    /// itself. A request of more rows passes by itself, so many at a time.
    /// </summary>
    public int BatchRows { get; init; } = 256;

    /// <summary>
    /// How long the first request of a batch waits for others. At zero, the default, a batch is what has come while the
    /// one before it ran: nobody waits for a thread that has nothing to do.
    /// </summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.Zero;

    /// <summary>How many requests may wait.</summary>
    public int Capacity { get; init; } = 1024;

    /// <summary>The most rows of one request.</summary>
    public int RequestRows { get; init; } = 10_000;

    /// <summary>
    /// What a request does that finds the queue full: true to wait for its turn, so that whoever sends more than the
    /// flow can answer is slowed down; false to be refused at once by a <see cref="QueueFullException"/>.
    /// </summary>
    public bool WaitsWhenFull { get; init; } = true;

    /// <summary>
    /// How many threads run batches. Each may use the threads of torch besides, and one flow serves all.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// Over how many draws of noise a score is averaged where it needs some: where the flow has levels, or its
    /// log-density is estimated or a bound.
    /// </summary>
    public int Draws { get; init; } = 5;

    /// <summary>The clock of <see cref="MaxWait"/> and of the measured times.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Throws unless every number is in its range.</summary>
    /// <exception cref="ArgumentException">One is not.</exception>
    internal void Check()
    {
        AtLeastOne(nameof(BatchRows), BatchRows);
        AtLeastOne(nameof(Capacity), Capacity);
        AtLeastOne(nameof(RequestRows), RequestRows);
        AtLeastOne(nameof(Threads), Threads);
        AtLeastOne(nameof(Draws), Draws);
        if (MaxWait < TimeSpan.Zero || MaxWait > TimeSpan.FromMinutes(1))
        {
            throw new ArgumentException($"FlowQueueOptions: expected a MaxWait from 0 to 1 minute, got {MaxWait:c}.");
        }

        static void AtLeastOne(string name, int value)
        {
            if (value < 1)
            {
                throw new ArgumentException($"FlowQueueOptions: expected {name} of at least 1, got {value}.");
            }
        }
    }
}
