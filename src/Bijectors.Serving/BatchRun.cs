using static TorchSharp.torch;

namespace Bijectors.Serving;

/// <summary>Runs batches on a flow and hands each request its part.</summary>
internal sealed class BatchRun(Flow flow, FlowQueueOptions options, QueueMetrics metrics)
{
    // Seeds of the draws of one request; as Bijectors.Training has them, so that it gives the same numbers.
    private const int SeedStep = 7919;

    /// <summary>Answers every request of a batch, with an exception where it cannot.</summary>
    public void Answer(IReadOnlyList<Request> batch)
    {
        var began = options.Time.GetTimestamp();
        foreach (var request in batch)
        {
            metrics.Waited(options.Time.GetElapsedTime(request.Came, began));
        }

        List<ScoreRequest> scores = [.. batch.OfType<ScoreRequest>()];
        List<SampleRequest> samples = [.. batch.OfType<SampleRequest>()];

        // Where a layer draws noise in passing, that of a request must not depend on who else is there.
        if (flow.HasExactLogProb)
        {
            Together(scores, Score);
        }
        else
        {
            scores.ForEach(request => Together([request], Score));
        }

        Together(samples, Sample);
        metrics.Ran(batch.Sum(request => request.Rows), batch.Count, options.Time.GetElapsedTime(began));
    }

    /// <summary>Where requests fail together, each is run alone: then it is the fault of none but itself.</summary>
    private static void Together<T>(IReadOnlyList<T> requests, Action<IReadOnlyList<T>> run)
        where T : Request
    {
        if (requests.Count == 0)
        {
            return;
        }

        try
        {
            run(requests);
        }
        catch (Exception exception)
        {
            // Whatever it is, somebody waits for it, and the thread continues.
            if (requests.Count == 1)
            {
                requests[0].Fail(exception);
                return;
            }

            foreach (var request in requests)
            {
                Together([request], run);
            }
        }
    }

    private void Score(IReadOnlyList<ScoreRequest> requests)
    {
        using var scope = NewDisposeScope();
        var items = Rows(requests.SelectMany(request => request.Items), flow.EventShape);
        var contexts = Contexts(requests);
        var isNoisy = flow.Levels is not null || !flow.HasExactLogProb;
        var draws = isNoisy || flow.HasEstimatedLogProb ? options.Draws : 1;
        var sum = zeros(items.shape[0], ScalarType.Float64);
        for (var draw = 0; draw < draws; draw++)
        {
            var generators = requests.Select(
                request => new Generator((ulong)request.Seed + (ulong)(SeedStep * draw), flow.Device)).ToList();
            foreach (var (start, size) in Slices(items.shape[0]))
            {
                using var slice = NewDisposeScope();
                var given = contexts?.narrow(0, start, size);
                var x = items.narrow(0, start, size);
                var logProb = flow.HasExactLogProb
                    ? flow.LogProb(isNoisy ? Dequantized(x, requests, generators) : x, given)
                    : flow.LowerBound(x, given, 1, generators[0]);
                sum.narrow(0, start, size).add_(logProb.to(ScalarType.Float64, CPU));
            }

            generators.ForEach(generator => generator.Dispose());
        }

        var scores = (sum / draws).data<double>().ToArray();
        var done = 0;
        foreach (var request in requests)
        {
            request.Answer(scores[done..(done + request.Rows)]);
            done += request.Rows;
        }
    }

    /// <summary>Levels with noise, that of each request from its own generator.</summary>
    private Tensor Dequantized(
        Tensor levels, IReadOnlyList<ScoreRequest> requests, IReadOnlyList<Generator> generators)
    {
        if (requests.Count == 1)
        {
            return flow.Dequantize(levels, generators[0]);
        }

        var (parts, start) = (new Tensor[requests.Count], 0L);
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = flow.Dequantize(levels.narrow(0, start, requests[i].Rows), generators[i]);
            start += requests[i].Rows;
        }

        return cat(parts);
    }

    private void Sample(IReadOnlyList<SampleRequest> requests)
    {
        using var scope = NewDisposeScope();
        var generators = requests.Select(request => new Generator((ulong)request.Seed, flow.Device)).ToList();
        var contexts = Contexts(requests);
        var (size, done) = ((int)flow.EventShape.Size, 0);
        var answers = requests.Select(request => new double[request.Rows][]).ToList();

        // More than one slice there are of a single request only.
        foreach (var (start, rows) in Slices(requests.Sum(request => (long)request.Rows)))
        {
            using var slice = NewDisposeScope();
            var counts = requests.Count == 1 ? [rows] : requests.Select(request => (long)request.Rows).ToArray();
            var x = flow.Quantize(flow.SampleTogether(counts, generators, contexts?.narrow(0, start, rows)));
            var numbers = x.to(ScalarType.Float64, CPU).contiguous().data<double>().ToArray();
            var read = 0;
            foreach (var (answer, count) in answers.Zip(counts))
            {
                for (var i = 0; i < count; i++, read += size)
                {
                    answer[(requests.Count == 1 ? done : 0) + i] = numbers[read..(read + size)];
                }
            }

            done += (int)rows;
        }

        generators.ForEach(generator => generator.Dispose());
        for (var i = 0; i < answers.Count; i++)
        {
            requests[i].Answer(answers[i]);
        }
    }

    private IEnumerable<(long Start, long Size)> Slices(long rows)
    {
        for (var start = 0L; start < rows; start += options.BatchRows)
        {
            yield return (start, Math.Min(options.BatchRows, rows - start));
        }
    }

    private Tensor? Contexts(IReadOnlyList<Request> requests) => flow.ContextShape is not { } shape
        ? null
        : Rows(requests.SelectMany(request => request.Contexts!), shape);

    private Tensor Rows(IEnumerable<double> numbers, Shape shape) =>
        tensor(numbers.ToArray()).reshape([-1, .. shape.ToArray()]).to(flow.Dtype, flow.Device);
}
