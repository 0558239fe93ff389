using System.Threading.Channels;

namespace Bijectors.Serving;

/// <summary>Takes requests out of the queue, as many as make a batch; for one thread.</summary>
internal sealed class BatchCollector(ChannelReader<Request> reader, FlowQueueOptions options)
{
    // Too large for the batch before.
    private Request? _next;

    // Of the reader, while nothing has come.
    private Task<bool>? _more;

    /// <summary>
    /// The next batch: the first request that is there, and those behind it that fit, until there are as many rows as
    /// make a batch, or the first one has waited long enough. Blocks while there is none.
    /// </summary>
    /// <returns>One request or more; null when the queue is closed and empty.</returns>
    public IReadOnlyList<Request>? Next()
    {
        if (Take(null) is not { } first)
        {
            return null;
        }

        List<Request> batch = [first];
        var rows = first.Rows;
        using var over = new CancellationTokenSource();
        Task? deadline = null;
        while (rows < options.BatchRows)
        {
            deadline ??= Deadline(first, over.Token);
            if (Take(deadline) is not { } request)
            {
                break;
            }

            if (rows + request.Rows > options.BatchRows)
            {
                _next = request;
                break;
            }

            batch.Add(request);
            rows += request.Rows;
        }

        over.Cancel();
        return batch;
    }

    private Task Deadline(Request first, CancellationToken over)
    {
        var left = options.MaxWait - options.Time.GetElapsedTime(first.Came);
        return left > TimeSpan.Zero ? Task.Delay(left, options.Time, over) : Task.CompletedTask;
    }

    /// <summary>
    /// The next request that somebody waits for; null when the deadline has come, or when there will be none.
    /// </summary>
    private Request? Take(Task? deadline)
    {
        while (true)
        {
            var request = _next;
            _next = null;
            if (request is null && !reader.TryRead(out request))
            {
                _more ??= reader.WaitToReadAsync().AsTask();
                if (deadline is not null && Task.WaitAny(_more, deadline) == 1)
                {
                    return null;
                }

                var more = _more.GetAwaiter().GetResult();
                _more = null;
                if (!more)
                {
                    return null;
                }

                continue;
            }

            if (!request.IsOver)
            {
                return request;
            }
        }
    }
}
