using System.Diagnostics.Metrics;

namespace Bijectors.Serving;

/// <summary>What a queue measures, under names of the meter <c>Bijectors.Serving</c>.</summary>
internal sealed class QueueMetrics : IDisposable
{
    private readonly Meter _meter = new(FlowQueue.MeterName);
    private readonly Counter<long> _requests;
    private readonly Counter<long> _rows;
    private readonly Histogram<int> _batchRows;
    private readonly Histogram<int> _batchRequests;
    private readonly Histogram<double> _batchSeconds;
    private readonly Histogram<double> _waitSeconds;

    public QueueMetrics(Func<int> length)
    {
        _requests = _meter.CreateCounter<long>(
            "bijectors.requests", "{request}", "Requests by kind (score, sample) and by what came of them.");
        _rows = _meter.CreateCounter<long>("bijectors.rows", "{row}", "Rows that were scored or drawn, by kind.");
        _batchRows = _meter.CreateHistogram<int>("bijectors.batch.rows", "{row}", "Rows of a batch.");
        _batchRequests = _meter.CreateHistogram<int>("bijectors.batch.requests", "{request}", "Requests of a batch.");
        _batchSeconds = _meter.CreateHistogram<double>("bijectors.batch.duration", "s", "Time that a batch ran.");
        _waitSeconds = _meter.CreateHistogram<double>(
            "bijectors.queue.wait", "s", "Time from when a request came until its batch began.");
        _meter.CreateObservableUpDownCounter("bijectors.queue.length", length, "{request}", "Requests that wait.");
    }

    /// <summary>A request has come to its end.</summary>
    public void Ended(string kind, string outcome, int rows)
    {
        _requests.Add(1, new("kind", kind), new("outcome", outcome));
        if (outcome == Outcome.Answered)
        {
            _rows.Add(rows, new KeyValuePair<string, object?>("kind", kind));
        }
    }

    public void Waited(TimeSpan time) => _waitSeconds.Record(time.TotalSeconds);

    public void Ran(int rows, int requests, TimeSpan time)
    {
        _batchRows.Record(rows);
        _batchRequests.Record(requests);
        _batchSeconds.Record(time.TotalSeconds);
    }

    public void Dispose() => _meter.Dispose();
}
