using System.Diagnostics;
using Bijectors.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// The negative log-likelihood of each item, a batch at a time, averaged over draws of noise; the same whatever the
/// size of the batches and whoever computes them.
/// </summary>
internal sealed class ItemLosses(Flow flow, Batch items, int draws, int seed, int batchSize, double noise)
{
    /// <summary>All of them, or those before a limit.</summary>
    /// <inheritdoc cref="Evaluation.Losses" path="/param"/>
    /// <returns><c>(n)</c>, float64, on the processor.</returns>
    public Tensor Of(TimeSpan? limit = null, IProgress<long>? progress = null)
    {
        using var inside = new EvaluationScope(flow);
        var clock = Stopwatch.StartNew();
        return Of(Communicator.Alone, () => clock.Elapsed < (limit ?? TimeSpan.MaxValue), progress)
            .MoveToOuterDisposeScope();
    }

    /// <summary>All of them, of which each rank computes some batches, for an exact density: its noise is drawn before
    /// anything is computed.</summary>
    /// <param name="ranks">The ranks.</param>
    public Tensor Of(Communicator ranks)
    {
        using var inside = new EvaluationScope(flow);
        var losses = Of(ranks, () => true, null);
        RankTensors.Sum(ranks, losses);
        return losses.MoveToOuterDisposeScope();
    }

    private Tensor Of(Communicator ranks, Func<bool> continues, IProgress<long>? progress)
    {
        var count = items.Count;
        var sum = zeros(count, dtype: ScalarType.Float64);
        // Noise has a generator for each draw, so that it does not depend on the size of the batches; but where a step
        // of the flow draws it, on the flow's device.
        var (noisy, device) = flow.HasExactLogProb
            ? (flow.Levels is not null || noise > 0, items.Items.device)
            : (true, flow.Device);
        var sources = Enumerable.Range(0, noisy ? draws : 1)
            .Select(draw => new Generator((ulong)(seed + 7919 * draw), device)).ToList();
        long done = 0;
        for (long number = 0; done < count && (done == 0 || continues()); number++)
        {
            var size = Math.Min(batchSize, count - done);
            foreach (var generator in sources)
            {
                using var scope = NewDisposeScope();
                var batch = items.Rows(done, size);
                if (number % ranks.Size == ranks.Rank)
                {
                    sum.narrow(0, done, size).sub_(LogProbOrBound(batch, generator).to(ScalarType.Float64));
                }
                else
                {
                    // The noise of the others' items comes from the same generator.
                    GaussianNoise.Points(flow, batch.Items, generator, noise);
                }
            }

            done += size;
            progress?.Report(done);
        }

        sources.ForEach(generator => generator.Dispose());
        return sum.narrow(0, 0, done) / sources.Count;
    }

    private Tensor LogProbOrBound(Batch batch, Generator generator)
    {
        var placement = Placement.Of(flow);
        var context = batch.Context is null ? null : placement.Place(batch.Context);
        // The bound takes levels as they are and adds their noise.
        return flow.HasExactLogProb
            ? flow.LogProb(placement.Place(GaussianNoise.Points(flow, batch.Items, generator, noise)), context)
            : flow.LowerBound(placement.Place(batch.Items), context, 1, generator);
    }
}
