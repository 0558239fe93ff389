using Bijectors.Distributed;

namespace Bijectors.Cli;

/// <summary>
/// Trials shared out over ranks, each trained by one of them. A result is kept where it was made as soon as it is
/// there, and all ranks know it in the end, so that they need not see the same files.
/// </summary>
internal sealed class SharedTrials(Communicator ranks, TrialStore store, Func<Trial, Stages, TrialResult?> train)
{
    /// <summary>Trains what the first rank has not stored: the n-th of it on rank n, n + N, ...</summary>
    /// <param name="trials">The trials, the same on all ranks.</param>
    /// <param name="cancellation">Stops all ranks, each behind its current trial, where it stops one.</param>
    public void Run(IEnumerable<Trial> trials, CancellationToken cancellation)
    {
        var missing = trials.DistinctBy(trial => trial.FileName).Where(trial => !Exchange(trial, from: 0)).ToList();
        var stages = new Stages((missing.Count - ranks.Rank + ranks.Size - 1) / ranks.Size);
        for (var i = ranks.Rank; i < missing.Count && !cancellation.IsCancellationRequested; i += ranks.Size)
        {
            stages.Begin();
            var trained = train(missing[i], stages);
            stages.End();
            if (trained is { } result)
            {
                store.Keep(missing[i], result);
            }
        }

        if (ranks.Any(cancellation.IsCancellationRequested))
        {
            throw new OperationCanceledException(cancellation);
        }

        for (var i = 0; i < missing.Count; i++)
        {
            Exchange(missing[i], from: i % ranks.Size);
        }
    }

    /// <summary>Gives a result that one rank has to all; false where it has none.</summary>
    private bool Exchange(Trial trial, int from)
    {
        var known = ranks.Rank == from ? store.Find(trial) : null;
        var text = ranks.Broadcast(known is null ? "" : TrialStore.Write(known), from);
        if (text.Length > 0 && ranks.Rank != from)
        {
            store.Learn(trial, TrialStore.Read(text), keeps: ranks.IsFirst);
        }

        return text.Length > 0;
    }
}
