using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Training;

public sealed class BatchSourceTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Items_come_once_an_epoch_in_an_order_of_their_own_with_their_contexts()
    {
        var items = arange(10, dtype: ScalarType.Float32).unsqueeze(1);
        using var batches = BatchSource.Items(items, -items, batchSize: 4).Open(seed: 3);
        var epochs = Enumerable.Range(0, 2).Select(_ => Epoch(batches)).ToList();
        Assert.All(epochs, epoch => Assert.Equal([.. Enumerable.Range(0, 10).Select(i => (float)i)], epoch.Order()));
        Assert.NotEqual(epochs[0], epochs[1]);
        using var again = BatchSource.Items(items, -items, batchSize: 4).Open(seed: 3);
        Assert.Equal(epochs[0], Epoch(again));
        using var inOrder = BatchSource.Items(items, -items, batchSize: 4, shuffled: false).Open();
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (float)i), Epoch(inOrder));
    }

    [Fact]
    public void A_sampler_draws_from_the_seed_of_the_run()
    {
        var source = BatchSource.Sampler(g => new Batch(randn(3, generator: g)), batchesPerEpoch: 2);
        using var first = source.Open(1);
        using var again = source.Open(1);
        using var other = source.Open(2);
        var drawn = Numbers(first, 5);
        Assert.Equal(drawn, Numbers(again, 5));
        Assert.NotEqual(drawn, Numbers(other, 5));
        Assert.Equal(15, drawn.Distinct().Count());
    }

    [Fact]
    public void A_stream_goes_on_over_the_ends_of_epochs_and_begins_again_at_its_own()
    {
        var byNumber = BatchSource.Stream(number => new Batch(full(1, (float)number)), batchesPerEpoch: 2);
        using var numbered = byNumber.Open();
        Assert.Equal([0f, 1, 2, 3, 4], Numbers(numbered, 5));
        var enumerated = BatchSource.Stream(Counted(), batchesPerEpoch: 2);
        using var counted = enumerated.Open();
        Assert.Equal([0f, 1, 2, 0, 1], Numbers(counted, 5));

        static IEnumerable<Batch> Counted()
        {
            for (var i = 0; i < 3; i++)
            {
                yield return new Batch(full(1, (float)i));
            }
        }
    }

    [Fact]
    public void A_source_of_ones_own_is_an_iterator_of_an_epoch()
    {
        using var batches = new Countdown().Open(seed: 4);
        var numbers = Numbers(batches, 6);
        Assert.Equal([3f, 2, 1, 6, 5, 4], numbers.Select(MathF.Floor));
        using var again = new Countdown().Open(seed: 4);
        Assert.Equal(numbers, Numbers(again, 6));
        using var other = new Countdown().Open(seed: 5);
        Assert.NotEqual(numbers, Numbers(other, 6));
    }

    [Fact]
    public void An_epoch_ends_behind_its_last_batch()
    {
        using var batches = BatchSource.Items(zeros(5, 1), batchSize: 2).Open();
        var starts = Enumerable.Range(0, 6).Select(_ =>
        {
            batches.Next();
            return batches.AtEpochStart;
        });
        Assert.Equal([false, false, true, false, false, true], starts);
        Assert.Equal((3L, 6L), (batches.PerEpoch, batches.Count));
    }

    [Fact]
    public void What_is_no_source_is_refused()
    {
        Assert.Contains("at least one item", Message(() => BatchSource.Items(zeros(0, 2))));
        var few = Message(() => BatchSource.Items(zeros(3, 2), zeros(2, 1)));
        Assert.Contains("a context for each of 3 items, got (2, 1)", few);
        Assert.Contains("batchesPerEpoch", Message(() => BatchSource.Sampler(_ => new Batch(zeros(1)), 0)));
        using var nothing = BatchSource.Stream([], 3).Open();
        Assert.Contains("expected at least one batch", Assert.Throws<InvalidOperationException>(nothing.Next).Message);

        static string Message(Action act) => Assert.ThrowsAny<ArgumentException>(act).Message;
    }

    public void Dispose() => _scope.Dispose();

    private static List<float> Epoch(Batches batches)
    {
        var numbers = new List<float>();
        do
        {
            var batch = batches.Next();
            Assert.True(batch.Items.Equals(-batch.Context!));
            numbers.AddRange(batch.Items.data<float>());
        }
        while (!batches.AtEpochStart);

        return numbers;
    }

    /// <summary>Down to one more than what was read before, each with a fraction that is drawn.</summary>
    private sealed class Countdown : BatchSource
    {
        public override long BatchesPerEpoch => 3;

        protected internal override IEnumerable<Batch> Read(long first, Generator generator)
        {
            for (var number = first + 3; number > first; number--)
            {
                yield return new Batch(number + rand(1, generator: generator));
            }
        }
    }

    private static List<float> Numbers(Batches batches, int count) =>
        [.. Enumerable.Range(0, count).SelectMany(_ => batches.Next().Items.data<float>().ToArray())];
}
