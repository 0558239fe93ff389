using System.Threading.Channels;
using static TorchSharp.torch;

namespace Bijectors.Serving;

/// <summary>
/// Takes single requests of many callers, to score items and to draw samples, and runs them on one flow in batches: a
/// pass of many rows takes little more time than a pass of one.
/// </summary>
/// <remarks>
/// <para>The flow is a frozen copy. Requests wait in a queue with room for
/// <see cref="FlowQueueOptions.Capacity"/>.</para>
/// <para>What a request gets does not depend on what it is batched with, but for rounding: noise comes from
/// its own seed, and matrix products of another number of rows add in another order. With
/// <see cref="FlowQueueOptions.BatchRows"/> of 1 every request runs by itself, and the same request gives the same bits
/// at any time. Log-densities that the flow estimates (<see cref="Distribution.HasEstimatedLogProb"/>) are other
/// estimates each time.</para>
/// <para>A request that does not fit is refused before it joins others; one whose pass fails fails alone.</para>
/// </remarks>
public sealed class FlowQueue : IAsyncDisposable
{
    /// <summary>The name of the meter of <c>System.Diagnostics.Metrics</c> that every queue reports to.</summary>
    public const string MeterName = "Bijectors.Serving";

    private readonly Flow _flow;
    private readonly IReadOnlyList<long> _missing;
    private readonly FlowQueueOptions _options;
    private readonly Channel<Request> _waiting;
    private readonly QueueMetrics _metrics;
    private readonly Task _threads;
    private volatile bool _closed;

    /// <summary>Freezes a copy of a flow and begins to serve it.</summary>
    /// <param name="flow">The flow; it stays the caller's.</param>
    /// <param name="options">How; <c>new FlowQueueOptions()</c> if null.</param>
    /// <exception cref="ArgumentException">A number of the options is out of range.</exception>
    /// <exception cref="InvalidOperationException">A part of the flow cannot be frozen.</exception>
    public FlowQueue(Flow flow, FlowQueueOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        _options = options ?? new();
        _options.Check();
        _flow = flow.Frozen();
        _flow.eval();
        _missing = _flow.MissingColumns;
        _waiting = Channel.CreateBounded<Request>(
            new BoundedChannelOptions(_options.Capacity) { SingleReader = _options.Threads == 1 });
        _metrics = new QueueMetrics(() => Length);
        _threads = Task.WhenAll(Enumerable.Range(0, _options.Threads).Select(_ => Start()));
    }

    /// <summary>How many requests wait.</summary>
    public int Length => _waiting.Reader.Count;

    /// <summary>Scores items.</summary>
    /// <param name="items">Items, each its numbers in the order of the event's dimensions; whole numbers where the flow
    /// has levels.</param>
    /// <param name="contexts">What each is given: one for each item, or one for all; null for none.</param>
    /// <param name="seed">The seed of the noise, where the score takes some.</param>
    /// <param name="cancellation">Ends the wait; the queue skips the request, or drops its answer.</param>
    /// <returns>The log-density of each item in nats, <c>-inf</c> outside the support; the mean over
    /// <see cref="FlowQueueOptions.Draws"/> where noise is drawn, and a lower bound where the density is not
    /// exact.</returns>
    /// <exception cref="ArgumentException">There are no items or too many; one has another size or a number that is not
    /// finite, or no level; the contexts do not fit; or the seed is negative.</exception>
    /// <exception cref="QueueFullException">The queue is full and does not wait.</exception>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<double[]> ScoreAsync(
        IReadOnlyList<double[]> items, IReadOnlyList<double[]>? contexts = null, int seed = 0,
        CancellationToken cancellation = default) =>
        Enter("score", () => new ScoreRequest(
            CheckCount("items", items?.Count ?? 0),
            RowCheck.Flat("Item", items!, _flow.EventShape.Size, _flow.Levels, _missing),
            FlatContexts(contexts, items!.Count),
            CheckSeed(seed)), cancellation);

    /// <summary>Draws samples.</summary>
    /// <param name="count">How many.</param>
    /// <param name="contexts">What they are given: one for each sample, or one for all; null for none.</param>
    /// <param name="seed">The seed that they are drawn from; null for another one at each call.</param>
    /// <param name="cancellation">Ends the wait; the queue skips the request, or drops its answer.</param>
    /// <returns>The samples, each its numbers in the order of the event's dimensions; whole numbers where the flow has
    /// levels.</returns>
    /// <exception cref="ArgumentException">The count is not positive or too large, the contexts do not fit, or the seed
    /// is negative.</exception>
    /// <exception cref="QueueFullException">The queue is full and does not wait.</exception>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<double[][]> SampleAsync(
        int count, IReadOnlyList<double[]>? contexts = null, int? seed = null,
        CancellationToken cancellation = default) =>
        Enter("sample", () => new SampleRequest(
            CheckCount("samples", count),
            FlatContexts(contexts, count),
            CheckSeed(seed ?? Random.Shared.Next())), cancellation);

    /// <summary>Takes no more requests, answers those that wait, and frees the flow.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        if (_waiting.Writer.TryComplete())
        {
            await _threads.ConfigureAwait(false);
            _flow.Dispose();
            _metrics.Dispose();
        }
    }

    private async Task<T> Enter<T>(string kind, Func<Request<T>> make, CancellationToken cancellation)
    {
        var (outcome, rows) = (Outcome.Failed, 0);
        try
        {
            outcome = Outcome.Invalid;
            var request = make();
            rows = request.Rows;
            outcome = Outcome.Refused;
            cancellation.ThrowIfCancellationRequested();
            request.Came = _options.Time.GetTimestamp();
            if (!_waiting.Writer.TryWrite(request))
            {
                await EnterWhenThereIsRoom(request, cancellation).ConfigureAwait(false);
            }

            outcome = Outcome.Failed;
            var answer = await request.WaitAsync(cancellation).ConfigureAwait(false);
            outcome = Outcome.Answered;
            return answer;
        }
        catch (OperationCanceledException)
        {
            outcome = Outcome.Cancelled;
            throw;
        }
        catch (ChannelClosedException exception)
        {
            throw new ObjectDisposedException(
                "FlowQueue: expected a queue that takes requests, got one that is closed.", exception);
        }
        finally
        {
            _metrics.Ended(kind, outcome, rows);
        }
    }

    private async ValueTask EnterWhenThereIsRoom(Request request, CancellationToken cancellation)
    {
        if (!_options.WaitsWhenFull && !_closed)
        {
            throw new QueueFullException(
                $"FlowQueue: expected fewer than {_options.Capacity} waiting requests, got as many; send it again "
                + "later.");
        }

        await _waiting.Writer.WriteAsync(request, cancellation).ConfigureAwait(false);
    }

    private Task Start()
    {
        // A thread of its own: torch keeps a team of threads for each thread that calls it.
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                using var ungraded = no_grad();
                var collector = new BatchCollector(_waiting.Reader, _options);
                var run = new BatchRun(_flow, _options, _metrics);
                while (collector.Next() is { } batch)
                {
                    run.Answer(batch);
                }

                ended.SetResult();
            }
            catch (Exception exception)
            {
                ended.SetException(exception);
            }
        })
        {
            IsBackground = true,
            Name = nameof(FlowQueue),
        };
        thread.Start();
        return ended.Task;
    }

    private int CheckCount(string what, int count) => count >= 1 && count <= _options.RequestRows
        ? count
        : throw new ArgumentException($"Expected 1 to {_options.RequestRows} {what} in a request, got {count}.");

    private static int CheckSeed(int seed) =>
        seed >= 0 ? seed : throw new ArgumentException($"Expected a seed of at least 0, got {seed}.");

    /// <summary>A context for each row.</summary>
    private double[]? FlatContexts(IReadOnlyList<double[]>? contexts, int rows)
    {
        if (_flow.ContextShape is not { } shape)
        {
            return contexts is null
                ? null : throw new ArgumentException("Expected no contexts, since the flow takes none.");
        }

        if (contexts is null && _flow.HasOptionalContext)
        {
            return [.. Enumerable.Repeat(double.NaN, checked((int)(rows * shape.Size)))];
        }

        if (contexts is null || (contexts.Count != 1 && contexts.Count != rows))
        {
            throw new ArgumentException(
                $"Expected one context of {shape.Size} numbers for all rows or one for each of {rows}, "
                + $"got {contexts?.Count ?? 0}.");
        }

        return RowCheck.Flat(
            "Context", contexts.Count == rows ? contexts : [.. Enumerable.Repeat(contexts[0], rows)], shape.Size);
    }
}
