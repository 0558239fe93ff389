using Bijectors.Kernels;

namespace Bijectors.Tests.Kernels;

/// <summary>Work that is shared out is all done, once, and a failure is not lost.</summary>
public sealed class WorkersTests
{
    private static readonly Action<long, int, Action<long>>[] s_teams = [WorkerTeam.Run, WorkerTeam.RunOnPool];

    [Theory]
    [InlineData(1, 2)]
    [InlineData(100, 2)]
    [InlineData(3, 8)]
    public void Every_number_is_worked_off_once(int count, int threads)
    {
        foreach (var team in s_teams)
        {
            var calls = new int[count];
            team(count, threads, i => Interlocked.Increment(ref calls[i]));
            Assert.All(calls, call => Assert.Equal(1, call));
        }
    }

    [Fact]
    public void A_failure_arrives_as_it_was()
    {
        foreach (var team in s_teams)
        {
            var failure = Assert.Throws<InvalidOperationException>(
                () => team(8, 2, i => throw new InvalidOperationException("number")));
            Assert.Equal("number", failure.Message);
        }
    }

    [Fact]
    public void Work_may_share_out_work_of_its_own()
    {
        foreach (var team in s_teams)
        {
            var sum = 0L;
            team(4, 2, _ => team(10, 2, i => Interlocked.Add(ref sum, i)));
            Assert.Equal(4 * 45, sum);
        }
    }

    [Fact]
    public void Ranges_make_up_the_whole()
    {
        Assert.Equal([(0, 10_000)], Ranges(threads: 1, 10_000));
        Assert.Equal([(0, 4096), (4096, 8192), (8192, 10_000)], Ranges(threads: 2, 10_000));
        Assert.Equal([(0, 8192), (8192, 10_000)], Ranges(threads: 2, 10_000, times: 2));
        Assert.Equal([(0, 4096), (4096, 8192)], Ranges(threads: 2, 8192));
        Assert.Equal([(0, 4096)], Ranges(threads: 2, 4096));
        Assert.Equal([(0, 0)], Ranges(threads: 2, 0));
    }

    [Fact]
    public void Little_work_is_not_shared_out()
    {
        WithThreads(2, () =>
        {
            var here = Environment.CurrentManagedThreadId;
            var order = new List<long>();
            Workers.Each(
                8,
                i =>
                {
                    Assert.Equal(here, Environment.CurrentManagedThreadId);
                    order.Add(i);
                },
                elements: 65_535);
            Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], order);

            // Each of the two goes on when the other one has begun.
            foreach (var elements in new[] { 65_536, long.MaxValue })
            {
                using var begun = new CountdownEvent(2);
                Workers.Each(
                    2,
                    _ =>
                    {
                        begun.Signal();
                        Assert.True(begun.Wait(TimeSpan.FromSeconds(30)));
                    },
                    elements);
            }
        });
    }

    private static List<(long From, long To)> Ranges(int threads, long count, int times = 1)
    {
        var ranges = new List<(long, long)>();
        WithThreads(threads, () => Workers.Run(
            count,
            (from, to) =>
            {
                lock (ranges)
                {
                    ranges.Add((from, to));
                }
            },
            times));
        return [.. ranges.Order()];
    }

    private static void WithThreads(int threads, Action action) => ThreadCounts.With(threads, () =>
    {
        action();
        return threads;
    });
}
