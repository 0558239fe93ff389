using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// What a trained flow is worth: likelihood of unseen items, exactness of its inverse, speed of sampling.
/// </summary>
/// <remarks>Everything runs in evaluation mode without gradients; the flow is left as it was.</remarks>
public static class Evaluation
{
    /// <summary>The log-density of each item, a batch at a time: the memory it takes does not grow with the number of
    /// items, but for the result.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="items">Raw items, <c>(N, event...)</c>; a flow with levels adds dequantization noise to
    /// them.</param>
    /// <param name="context">Their context, <c>(N, C)</c>, for a conditional flow.</param>
    /// <param name="seed">The seed of the noise: the same seed gives the same noise, whatever the flow.</param>
    /// <param name="batchSize">How many items are passed at a time.</param>
    /// <returns><c>(N)</c> in nats, in the flow's dtype, on the processor; see
    /// <see cref="Distribution.LogProb"/>.</returns>
    /// <exception cref="ArgumentException">There are no items, or the batch size is not positive.</exception>
    public static Tensor LogProb(Flow flow, Tensor items, Tensor? context = null, int seed = 0, int batchSize = 256)
    {
        CheckItems(items, batchSize);
        using var inside = new EvaluationScope(flow);
        var all = empty(items.size(0), dtype: Placement.Of(flow).Dtype);
        long start = 0;
        foreach (var (x, c) in Batches(flow, items, context, seed, batchSize))
        {
            all.narrow(0, start, x.size(0)).copy_(flow.LogProb(x, c));
            start += x.size(0);
        }

        return all.MoveToOuterDisposeScope();
    }

    /// <summary>The mean negative log-likelihood of items.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="items">Raw items, <c>(N, event...)</c>; a flow with levels adds dequantization noise to
    /// them.</param>
    /// <param name="context">Their context, <c>(N, C)</c>, for a conditional flow.</param>
    /// <param name="draws">Over how many draws of noise <c>-log p</c> is averaged; without levels one is
    /// enough.</param>
    /// <param name="seed">The seed of the noise: the same seed gives the same noise, whatever the flow.</param>
    /// <param name="batchSize">How many items are passed at a time.</param>
    /// <param name="noise">The deviation of Gaussian noise that items get, as in <see cref="MaximumLikelihood"/>; 0 for
    /// none.</param>
    /// <exception cref="ArgumentException">There are no items, or draws or batch size are not positive, or there is
    /// noise for a flow that is not an exact density on all reals.</exception>
    public static Likelihood Likelihood(
        Flow flow, Tensor items, Tensor? context = null, int draws = 1, int seed = 0, int batchSize = 256,
        double noise = 0)
    {
        using var nats = Losses(flow, items, context, draws, seed, batchSize, noise: noise);
        return Summarize(nats, flow.EventShape.Size);
    }

    /// <summary>
    /// The negative log-likelihood of each item, a batch at a time in the order of the items: what it takes to compare
    /// two flows item by item. Where the density is not known exactly, of its lower bound.
    /// </summary>
    /// <param name="flow">The flow.</param>
    /// <param name="items">Raw items, <c>(N, event...)</c>, as for <see cref="Likelihood"/>.</param>
    /// <param name="context">Their context, <c>(N, C)</c>, for a conditional flow.</param>
    /// <param name="draws">Over how many draws of noise <c>-log p</c> is averaged.</param>
    /// <param name="seed">The seed of the noise: the same seed gives the same noise, whatever the flow and the batch
    /// size.</param>
    /// <param name="batchSize">How many items are passed at a time.</param>
    /// <param name="limit">After how long to stop after the current batch; null for never.</param>
    /// <param name="progress">Called after each batch, on this thread, with the number of items evaluated so
    /// far.</param>
    /// <param name="noise">The deviation of Gaussian noise that items get, as in <see cref="MaximumLikelihood"/>; 0 for
    /// none.</param>
    /// <returns>
    /// <c>-log p(x)</c> in nats, averaged over the draws, float64 <c>(n)</c> of the first n items: of all of them, or
    /// fewer where the limit came first, at least one batch.
    /// </returns>
    /// <exception cref="ArgumentException">There are no items, or draws or batch size are not positive.</exception>
    public static Tensor Losses(
        Flow flow,
        Tensor items,
        Tensor? context = null,
        int draws = 1,
        int seed = 0,
        int batchSize = 256,
        TimeSpan? limit = null,
        IProgress<long>? progress = null,
        double noise = 0)
    {
        CheckItems(items, batchSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        GaussianNoise.Check(nameof(Evaluation), flow, noise);
        return new ItemLosses(flow, new(items, context), draws, seed, batchSize, noise).Of(limit, progress);
    }

    /// <summary>
    /// The largest <c>|x - inverse(forward(x))|</c> over all entries of all items. Levels are scaled to <c>[0, 1)</c>
    /// first, so that 1e-3 is a thousandth of the range from black to white; continuous data are measured in their own
    /// unit.
    /// </summary>
    /// <inheritdoc cref="LogProb" path="/param"/>
    /// <returns>The error; infinite where a value that is not finite came back.</returns>
    /// <exception cref="ArgumentException">There are no items, or the batch size is not positive.</exception>
    public static double RoundTripError(
        Flow flow, Tensor items, Tensor? context = null, int seed = 0, int batchSize = 256)
    {
        CheckItems(items, batchSize);
        using var inside = new EvaluationScope(flow);
        var worst = 0.0;
        foreach (var (x, c) in Batches(flow, items, context, seed, batchSize))
        {
            var (z, _) = flow.Encode(x, c);
            var error = (flow.Decode(z, c) - x).abs().max().ToDouble();
            worst = Math.Max(worst, double.IsFinite(error) ? error : double.PositiveInfinity);
        }

        return worst / (flow.Levels ?? 1);
    }

    /// <summary>How many samples a flow draws in a second, a batch at a time, after one batch to warm up.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="batchSize">The number of samples of a batch.</param>
    /// <param name="seconds">For how long to measure.</param>
    /// <param name="seed">The seed of the samples.</param>
    /// <param name="context">One context <c>(context...)</c> for all samples of a conditional flow.</param>
    public static double SamplesPerSecond(
        Flow flow, int batchSize = 256, double seconds = 1, int seed = 0, Tensor? context = null)
    {
        using var inside = new EvaluationScope(flow);
        using var generator = new Generator((ulong)seed, Placement.Of(flow).Device);
        var given = context is null ? null : Placement.Of(flow).Place(context);
        flow.Sample(batchSize, given, generator).Dispose();
        var clock = Stopwatch.StartNew();
        long count = 0;
        do
        {
            using var batch = NewDisposeScope();
            // Reading one number waits for devices that work in the background.
            flow.Sample(batchSize, given, generator).flatten()[0].ToDouble();
            count += batchSize;
        }
        while (clock.Elapsed.TotalSeconds < seconds);
        return count / clock.Elapsed.TotalSeconds;
    }

    /// <summary>
    /// Items with noise, in the flow's dtype and on its device; what is made of a batch is disposed when the next one
    /// is asked for.
    /// </summary>
    private static IEnumerable<(Tensor X, Tensor? Context)> Batches(
        Flow flow, Tensor items, Tensor? context, int seed, int batchSize)
    {
        using var generator = new Generator((ulong)seed, items.device);
        for (long start = 0; start < items.size(0); start += batchSize)
        {
            using var batch = NewDisposeScope();
            yield return Batch(flow, items, context, start, Math.Min(batchSize, items.size(0) - start), generator);
        }
    }

    private static (Tensor X, Tensor? Context) Batch(
        Flow flow, Tensor items, Tensor? context, long start, long size, Generator generator)
    {
        var placement = Placement.Of(flow);
        var x = flow.Dequantize(items.narrow(0, start, size), generator);
        return (placement.Place(x), context is null ? null : placement.Place(context.narrow(0, start, size)));
    }

    private static Likelihood Summarize(Tensor nats, long dimensions)
    {
        using var scope = NewDisposeScope();
        var scale = 1 / (dimensions * Math.Log(2));
        var count = nats.size(0);
        var mean = nats.mean().ToDouble();
        var spread = count > 1 ? nats.std().ToDouble() / Math.Sqrt(count) : 0;
        return new Likelihood(mean, mean * scale, spread * scale);
    }

    private static void CheckItems(Tensor items, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        if (items.dim() == 0 || items.size(0) == 0)
        {
            throw new ArgumentException(
                $"Evaluation: expected at least one item, got a tensor ({string.Join(", ", items.shape)}).");
        }
    }
}
