using System.Diagnostics;

namespace Bijectors.Threads;

/// <summary>
/// Threads that call the same flows at the same time, one flow after another, and compare every answer. They live as
/// long as the run; after each round, while all of them wait, the memory is read.
/// </summary>
internal sealed class SharedCalls(IReadOnlyList<CalledFlow> flows, int threads)
{
    private readonly Stopwatch _clock = new();
    private long _answers;
    private long _wrong;
    private string? _firstFault;
    private bool _done;

    /// <summary>How many answers came.</summary>
    public long Answers => _answers;

    /// <summary>How many of them were another one than one thread alone got, or none but an exception.</summary>
    public long Wrong => _wrong;

    /// <summary>The first of these.</summary>
    public string? FirstFault => _firstFault;

    /// <summary>What the process held after each round.</summary>
    public MemoryRecord Memory { get; } = new();

    /// <summary>Runs rounds until the time is over, and at least some.</summary>
    public void Run(TimeSpan time, int leastRounds = 3)
    {
        _clock.Start();
        var phases = 0L;
        using var barrier = new Barrier(threads, _ =>
        {
            if (++phases % flows.Count == 0)
            {
                Memory.Read();
                _done = _clock.Elapsed >= time && Memory.Readings.Count >= leastRounds;
            }
        });
        var team = Enumerable.Range(0, threads).Select(i => new Thread(() =>
        {
            while (!_done)
            {
                foreach (var flow in flows)
                {
                    CallAll(flow, first: i);
                    barrier.SignalAndWait();
                }
            }
        })).ToList();
        team.ForEach(thread => thread.Start());
        team.ForEach(thread => thread.Join());
    }

    // Different calls run at the same time, each thread beginning with another one.
    private void CallAll(CalledFlow flow, int first)
    {
        for (var i = 0; i < flow.Calls; i++)
        {
            var call = (first + i) % flow.Calls;
            try
            {
                if (!flow.AnswersAsAlone(call))
                {
                    Fault($"{flow.Name}, call {call}: other numbers than one thread alone gets.");
                }
            }
            catch (Exception exception)
            {
                // Of one call: the others go on, and at the end there is a number of faults.
                Fault($"{flow.Name}, call {call}: {exception}");
            }

            Interlocked.Increment(ref _answers);
        }
    }

    private void Fault(string what)
    {
        Interlocked.Increment(ref _wrong);
        Interlocked.CompareExchange(ref _firstFault, what, null);
    }
}
