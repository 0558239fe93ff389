using Bijectors.Distributed;

namespace Bijectors.Tests.Distributed;

public sealed class CommunicatorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Sums_broadcasts_and_texts_reach_all_ranks(int size)
    {
        var seen = new bool[size];
        LocalRanks.Run(size, ranks =>
        {
            Assert.Equal(size, ranks.Size);
            float[] floats = [1, ranks.Rank];
            double[] doubles = [0.5];
            ranks.Sum(floats);
            ranks.Sum(doubles);
            Assert.Equal([size, size * (size - 1) / 2], floats);
            Assert.Equal([0.5 * size], doubles);

            byte[] bytes = [(byte)(7 * ranks.Rank), 1];
            ranks.Broadcast(bytes, size - 1);
            Assert.Equal([(byte)(7 * (size - 1)), 1], bytes);
            Assert.Equal([.. Enumerable.Range(0, size).Select(rank => $"of {rank}")], ranks.Gather($"of {ranks.Rank}"));
            Assert.Equal("", ranks.Broadcast("", 0));
            Assert.True(ranks.Any(ranks.Rank == size - 1));
            Assert.False(ranks.Any(false));
            ranks.Barrier();
            seen[ranks.Rank] = true;
        });
        Assert.All(seen, Assert.True);
    }

    [Fact]
    public void A_sum_under_way_ends_when_the_last_rank_has_begun_it() => LocalRanks.Run(2, ranks =>
    {
        var numbers = GC.AllocateArray<float>(3, pinned: true);
        numbers.AsSpan().Fill(ranks.Rank + 1);
        var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers.AsSpan());
        var pending = ranks.BeginSum(bytes, NumberType.Float32);

        // The first rank runs until it waits, so the second one finds its part there.
        Assert.Equal(ranks.Rank == 1, pending.Advance());
        pending.Wait();
        Assert.True(pending.Advance());
        Assert.Equal([3, 3, 3], numbers);
    });

    [Theory]
    [InlineData(10, 4)]
    [InlineData(3, 5)]
    [InlineData(0, 2)]
    public void Shares_follow_each_other_and_differ_by_one_at_most(long rows, int size)
    {
        var shares = new (long Start, long Count)[size];
        LocalRanks.Run(size, ranks => shares[ranks.Rank] = ranks.Share(rows));
        long next = 0;
        foreach (var (start, count) in shares)
        {
            Assert.Equal(next, start);
            Assert.InRange(count, rows / size, (rows + size - 1) / size);
            next += count;
        }

        Assert.Equal(rows, next);
    }

    [Fact]
    public void The_failure_of_one_rank_ends_the_others()
    {
        var failures = Assert.Throws<AggregateException>(() => LocalRanks.Run(3, ranks =>
        {
            if (ranks.Rank == 1)
            {
                throw new FormatException("no number");
            }

            ranks.Barrier();
        })).InnerExceptions;
        Assert.Equal(3, failures.Count);
        Assert.IsType<FormatException>(failures[0]);
        Assert.All(failures.Skip(1), failure => Assert.Contains("got a failure: no number", failure.Message));
    }

    [Fact]
    public void Ranks_that_call_different_operations_are_told_so()
    {
        var failures = Assert.Throws<AggregateException>(() => LocalRanks.Run(2, ranks =>
        {
            var numbers = new double[1 + ranks.Rank];
            ranks.Sum(numbers);
        })).InnerExceptions;
        Assert.Equal(
            "rank 1 of 2: expected a sum of 1 numbers of Float64 as another rank, got a sum of 2 numbers of Float64; "
            + "all ranks must call the same operations in the same order.",
            failures[0].Message);
    }

    [Fact]
    public void A_rank_that_waits_for_one_that_has_ended_is_told_so()
    {
        var failures = Assert.Throws<AggregateException>(() => LocalRanks.Run(2, ranks =>
        {
            if (ranks.Rank == 0)
            {
                ranks.Barrier();
            }
        })).InnerExceptions;
        Assert.Equal("rank 0 of 2: expected all ranks at a barrier, got some that have ended.", failures[0].Message);
    }

    [Fact]
    public void A_process_by_itself_keeps_its_numbers()
    {
        var alone = Communicator.Alone;
        double[] numbers = [2];
        alone.Sum(numbers);
        alone.Broadcast("text");
        alone.Barrier();
        Assert.Equal([2], numbers);
        Assert.True(alone.IsFirst);
        Assert.Equal((0, 7), alone.Share(7));
    }
}
