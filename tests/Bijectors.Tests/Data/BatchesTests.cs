using Bijectors.Data;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bijectors.Tests.Data;

public sealed class BatchesTests : FolderTest
{
    private readonly Tensor _data = arange(23, ScalarType.Float32).reshape(23, 1);

    [Theory]
    [InlineData(1, false, 23)]
    [InlineData(5, false, 23)]
    [InlineData(5, true, 20)]
    [InlineData(23, true, 23)]
    [InlineData(100, false, 23)]
    public void An_epoch_has_each_item_at_most_once_and_only_a_last_batch_may_be_smaller(int size, bool drop, int items)
    {
        using var generator = new Generator(0);
        var batches = Batches.Shuffled(_data, size, generator, drop).ToList();
        var seen = batches.SelectMany(Values).ToList();
        Assert.Equal(items, seen.Count);
        Assert.Equal(items, seen.Distinct().Count());
        Assert.All(batches.SkipLast(1), batch => Assert.Equal(size, batch.shape[0]));
        Assert.All(batches, batch => Assert.Equal(1, batch.shape[1]));
    }

    [Fact]
    public void Epochs_differ_and_a_seed_repeats_them()
    {
        var (first, second) = Two(3);
        Assert.NotEqual(first, second);
        Assert.Equal((first, second), Two(3));
        Assert.NotEqual(first, Two(4).First);

        (string First, string Second) Two(ulong seed)
        {
            using var generator = new Generator(seed);
            var epochs = Batches.Shuffled(_data, 4, generator);
            return (Text(epochs), Text(epochs));
        }

        static string Text(IEnumerable<Tensor> epoch) => string.Join(" ", epoch.SelectMany(Values));
    }

    [Fact]
    public void Labels_stay_with_their_items()
    {
        using var generator = new Generator(0);
        var pairs = Batches.Shuffled(_data, arange(23), 5, generator).ToList();
        Assert.Equal(5, pairs.Count);
        Assert.All(pairs, pair => Assert.Equal(Values(pair.Items), Values(pair.Labels.to(ScalarType.Float32))));
    }

    [Fact]
    public void Batches_are_the_callers_and_nothing_else_stays()
    {
        using var generator = new Generator(0);
        var live = Live();
        foreach (var batch in Batches.Shuffled(_data, 5, generator))
        {
            // One batch, the order and its current slice, whatever the number of items.
            Assert.Equal(live + 3, Live());
            batch.zero_().Dispose();
            batch.Dispose();
        }

        Assert.Equal(live, Live());
        Batches.Shuffled(_data, 5, generator).First().Dispose();
        Assert.Equal(live, Live());
        Assert.Equal(253, Values(_data).Sum());
    }

    [Fact]
    public void A_scope_around_each_step_does_not_break_the_epoch()
    {
        using var generator = new Generator(0);
        using var epoch = Batches.Shuffled(_data, 5, generator).GetEnumerator();
        var items = 0L;
        for (var more = true; more;)
        {
            using var step = NewDisposeScope();
            more = epoch.MoveNext();
            items += more ? epoch.Current.shape[0] : 0;
        }

        Assert.Equal(23, items);
    }

    [Fact]
    public void What_makes_no_batches_is_refused_at_once()
    {
        using var generator = new Generator(0);
        Assert.Equal(
            "Batches: expected a batch size of 1 to 23 (the number of items), got 0.",
            Message(() => Batches.Shuffled(_data, 0, generator)));
        Assert.Equal(
            "Batches: expected a batch size of 1 to 23 (the number of items), got 24.",
            Message(() => Batches.Shuffled(_data, 24, generator, dropLast: true)));
        Assert.Equal(
            "Batches: expected at least one item, got a tensor (0, 4).",
            Message(() => Batches.Shuffled(zeros(0, 4), 1, generator)));
        Assert.Equal(
            "Batches: expected a label for each of 23 items, got a tensor (22).",
            Message(() => Batches.Shuffled(_data, zeros(22), 1, generator)));
    }

    private static long Live() => DisposeScopeManager.Statistics.ThreadTotalLiveCount;
}
