using Bijectors.Serving;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Serving;

/// <summary>What becomes of single requests that are run in batches.</summary>
public sealed class FlowQueueTests : IDisposable
{
    private static readonly double[] s_point = [0.3, -1.2];

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly HeldFlow _held = new();

    [Fact]
    public async Task What_waits_is_run_together_and_everybody_gets_his_part()
    {
        await using var queue = new FlowQueue(_held.Flow);
        var first = await _held.Hold(queue);
        double[][] rows = [[0.1, 0.2], [1, -1], [0.5, 2], [-1, 0.25]];
        var (one, three) = (queue.ScoreAsync(rows[..1]), queue.ScoreAsync(rows[1..]));
        Assert.Equal(2, queue.Length);
        _held.Release();
        await Task.WhenAll(first, one, three);
        Assert.Equal([1, 4], _held.Passes);
        AssertNear(Scores([0, 0]), await first);
        AssertNear(Scores(rows[0]), await one);
        AssertNear([.. rows[1..].SelectMany(Scores)], await three);
    }

    [Fact]
    public async Task A_batch_has_no_more_rows_than_it_may_and_a_larger_request_passes_by_itself()
    {
        await using var queue = new FlowQueue(_held.Flow, new() { BatchRows = 4 });
        await _held.Hold(queue);
        var tasks = new[] { 3, 1, 2, 9, 1 }
            .Select(rows => queue.ScoreAsync([.. Enumerable.Repeat(s_point, rows)])).ToList();
        _held.Release();
        Assert.Equal([3, 1, 2, 9, 1], (await Task.WhenAll(tasks)).Select(scores => scores.Length));
        Assert.Equal([1, 4, 2, 4, 4, 1, 1], _held.Passes);
    }

    [Fact]
    public async Task The_first_of_a_batch_waits_for_others_as_long_as_it_may()
    {
        var time = new ManualTime();
        await using var queue = new FlowQueue(_held.Flow, new() { MaxWait = TimeSpan.FromSeconds(5), Time = time });
        var first = queue.ScoreAsync([s_point]);
        await time.TimerMade();
        var second = queue.ScoreAsync([s_point]);
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(first.IsCompleted || second.IsCompleted);
        Assert.Empty(_held.Passes);
        time.Advance(TimeSpan.FromSeconds(0.1));
        AssertNear(await first, await second);
    }

    [Fact]
    public async Task What_is_cancelled_while_it_waits_is_not_run()
    {
        await using var queue = new FlowQueue(_held.Flow);
        await _held.Hold(queue);
        using var source = new CancellationTokenSource();
        var (cancelled, kept) = (
            queue.ScoreAsync([s_point, s_point, s_point], cancellation: source.Token), queue.ScoreAsync([s_point]));
        source.Cancel();

        // At once, while the flow still stands.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        _held.Release();
        await kept;
        Assert.Equal([1, 1], _held.Passes);
    }

    [Fact]
    public async Task What_is_cancelled_while_it_runs_ends_at_once_and_the_others_are_answered()
    {
        await using var queue = new FlowQueue(_held.Flow);
        using var source = new CancellationTokenSource();
        await _held.Hold(queue);
        var before = queue.ScoreAsync([s_point]);
        _held.Release();
        await before;

        var held = await _held.Hold(queue);
        var running = queue.SampleAsync(2, cancellation: source.Token);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => queue.ScoreAsync([s_point], cancellation: new CancellationToken(canceled: true)));
        _held.Release();
        AssertNear(Scores([0, 0]), await held);
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_before_it_joins_others()
    {
        await using var queue = new FlowQueue(_held.Flow, new() { RequestRows = 3 });
        await _held.Hold(queue);
        var good = queue.ScoreAsync([s_point]);
        await Refused("Item 2: expected 2 numbers, got 3.", queue.ScoreAsync([s_point, [1, 2, 3]]));
        await Refused("Item 1: expected finite numbers, got NaN.", queue.ScoreAsync([[double.NaN, 0]]));
        await Refused("Item 1: expected finite numbers", queue.ScoreAsync([[double.PositiveInfinity, 0]]));
        await Refused("Item 1: expected 2 numbers, got 0.", queue.ScoreAsync([null!]));
        await Refused("Expected 1 to 3 items in a request, got 0.", queue.ScoreAsync([]));
        await Refused("got 4.", queue.ScoreAsync([.. Enumerable.Repeat(s_point, 4)]));
        await Refused("Expected 1 to 3 samples in a request, got -1.", queue.SampleAsync(-1));
        await Refused("Expected no contexts", queue.SampleAsync(1, [[1]]));
        await Refused("Expected a seed of at least 0, got -2.", queue.SampleAsync(1, seed: -2));
        Assert.Equal(1, queue.Length);
        _held.Release();
        AssertNear(Scores(s_point), await good);
    }

    [Fact]
    public async Task One_whose_pass_fails_fails_alone()
    {
        await using var queue = new FlowQueue(_held.Flow);
        await _held.Hold(queue);
        _held.Poison = 13;
        var (good, bad, other) =
            (queue.ScoreAsync([s_point]), queue.ScoreAsync([[13, 0]]), queue.ScoreAsync([[2, 2]]));
        _held.Release();
        AssertNear(Scores(s_point), await good);
        AssertNear(Scores([2, 2]), await other);
        Assert.Equal("poison.", (await Assert.ThrowsAsync<InvalidOperationException>(() => bad)).Message);
        AssertNear(Scores(s_point), await queue.ScoreAsync([s_point]));
    }

    [Fact]
    public async Task A_full_queue_refuses_where_it_may_not_wait()
    {
        await using var queue = new FlowQueue(_held.Flow, new() { Capacity = 2, WaitsWhenFull = false });
        await _held.Hold(queue);
        var waiting = new[] { queue.ScoreAsync([s_point]), queue.ScoreAsync([s_point]) };
        var full = await Assert.ThrowsAsync<QueueFullException>(() => queue.ScoreAsync([s_point]));
        Assert.Equal(
            "FlowQueue: expected fewer than 2 waiting requests, got as many; send it again later.", full.Message);
        _held.Release();
        await Task.WhenAll(waiting);
        await queue.ScoreAsync([s_point]);
    }

    [Fact]
    public async Task A_full_queue_lets_those_that_come_wait_for_room()
    {
        await using var queue = new FlowQueue(_held.Flow, new() { Capacity = 1 });
        await _held.Hold(queue);
        var tasks = Enumerable.Range(0, 5).Select(_ => queue.ScoreAsync([s_point])).ToList();
        using var source = new CancellationTokenSource();
        var outside = queue.ScoreAsync([s_point], cancellation: source.Token);
        Assert.Equal(1, queue.Length);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => outside);
        _held.Release();
        Assert.Equal(5, (await Task.WhenAll(tasks)).Length);
    }

    [Fact]
    public async Task A_queue_that_is_closed_answers_what_waits_and_frees_everything()
    {
        var tensors = Tensor.TotalCount;
        var queue = new FlowQueue(_held.Flow);
        var first = await _held.Hold(queue);
        var waiting = new[] { queue.ScoreAsync([s_point]), queue.ScoreAsync([[2, 2]]) };
        var samples = queue.SampleAsync(3, seed: 1);
        var closing = queue.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => queue.ScoreAsync([s_point]));
        Assert.False(closing.IsCompleted);
        _held.Release();
        await closing;
        Assert.All(waiting.Append(first), task => Assert.True(task.IsCompletedSuccessfully));
        Assert.Equal(3, (await samples).Length);
        await queue.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => queue.SampleAsync(1));
        Assert.Equal(tensors, Tensor.TotalCount);
    }

    [Fact]
    public async Task Several_threads_answer_as_one_does()
    {
        using var flow = Flow.On(Shape.Vector(2), seed: 1).AffineCoupling(8).Into(Distribution.StandardNormal);
        await using var queue = new FlowQueue(flow, new() { Threads = 3, BatchRows = 5, Capacity = 8 });
        var rows = Enumerable.Range(0, 300).Select(i => new[] { Math.Sin(i), Math.Cos(2 * i) }).ToArray();
        var scores = await Task.WhenAll(rows.Select(row => queue.ScoreAsync([row])));
        using var expected = flow.LogProb(tensor(rows.SelectMany(row => row).ToArray(), [300, 2], ScalarType.Float32));
        AssertNear([.. expected.data<float>().Select(score => (double)score)], [.. scores.Select(score => score[0])]);
    }

    [Theory]
    [InlineData("BatchRows")]
    [InlineData("Capacity")]
    [InlineData("RequestRows")]
    [InlineData("Threads")]
    [InlineData("Draws")]
    public void Options_are_numbers_of_at_least_one(string name)
    {
        var options = new FlowQueueOptions();
        typeof(FlowQueueOptions).GetProperty(name)!.SetValue(options, 0);
        var wrong = Assert.Throws<ArgumentException>(() => new FlowQueue(_held.Flow, options));
        Assert.Equal($"FlowQueueOptions: expected {name} of at least 1, got 0.", wrong.Message);
    }

    public void Dispose()
    {
        _held.Dispose();
        _scope.Dispose();
    }

    private double[] Scores(double[] row)
    {
        using var score = _held.Flow.LogProb(tensor(row, [1, 2], ScalarType.Float32));
        return [score.item<float>()];
    }

    private static void AssertNear(double[] expected, double[] got)
    {
        Assert.Equal(expected.Length, got.Length);
        Assert.All(expected.Zip(got), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    private static async Task Refused(string sentence, Task request) =>
        Assert.Contains(sentence, (await Assert.ThrowsAsync<ArgumentException>(() => request)).Message);
}
