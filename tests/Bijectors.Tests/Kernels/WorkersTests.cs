using TorchSharp;

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
            var failure = Assert.Throws<InvalidOperationException>(() => team(8, 2, i => throw new InvalidOperationException("number")));
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
        var before = torch.get_num_threads();
        try
        {
            foreach (var threads in new[] { 1, 2 })
            {
                torch.set_num_threads(threads);
                var calls = new int[10_000];
                Workers.Run(calls.Length, (from, to) =>
                {
                    for (var i = from; i < to; i++)
                    {
                        Interlocked.Increment(ref calls[i]);
                    }
                });
                Assert.All(calls, call => Assert.Equal(1, call));
            }
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }
}
