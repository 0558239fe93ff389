using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>One run of layers of a chain, and what its backward pass needs to know of it.</summary>
internal sealed class ReversiblePass
{
    private readonly ReversibleChain _chain;
    private readonly int?[] _ranks;

    public ReversiblePass(ReversibleChain chain, IReadOnlyList<ChainStep> steps, int? eventRank)
    {
        _chain = chain;
        Steps = steps;
        Trained = [
            .. steps.Select(step => ReversibleChain.Trained(step.Layer).DistinctBy(tensor => tensor.Handle).ToArray())];
        AllTrained = [.. Trained.SelectMany(tensors => tensors).DistinctBy(tensor => tensor.Handle)];
        _ranks = new int?[steps.Count];
        for (var i = 0; i < steps.Count; i++)
        {
            _ranks[i] = eventRank;
            eventRank += steps[i].RankChange;
        }

        // The first input is the caller's, who has it anyway.
        IsKept = [.. steps.Select((step, i) => i == 0 || chain.Reason(step.Place) is not null)];
    }

    public IReadOnlyList<ChainStep> Steps { get; }

    /// <summary>For each step, what it trains.</summary>
    public IReadOnlyList<Tensor[]> Trained { get; }

    /// <summary>What any of them trains, each once: layers may share weights.</summary>
    public IReadOnlyList<Tensor> AllTrained { get; }

    /// <summary>For each step, whether its input is kept.</summary>
    public IReadOnlyList<bool> IsKept { get; }

    /// <summary>Whether the last of the arguments is a context.</summary>
    public bool HasContext { get; private set; }

    /// <summary>
    /// Runs it as one function whose backward pass computes the activations again, if it takes any gradients.
    /// </summary>
    public (Tensor Point, Tensor? LogDet) Apply(Tensor point, Tensor? context)
    {
        var isTrained = AllTrained.Count > 0 || context?.requires_grad == true;
        if (!isTrained && (!point.requires_grad || Steps.All(step => step.Layer.IsVolumePreserving)))
        {
            return Plain(point, context);
        }

        HasContext = context is not null;
        var results = ReversibleFunction.Apply(this, point, context);
        return (results[0], results.Count > 1 ? results[1] : null);
    }

    /// <summary>Runs it as it is; temporaries are left to the caller's dispose scope.</summary>
    public (Tensor Point, Tensor? LogDet) Plain(Tensor point, Tensor? context) => Run(point, context, _ => false, []);

    /// <summary>Runs it and collects the inputs of the steps that keep theirs, the first one left out.</summary>
    public (Tensor Point, Tensor? LogDet) Run(Tensor callers, Tensor? context, Func<int, bool> keeps, List<Tensor> kept)
    {
        var point = callers;
        Tensor? total = null;
        for (var i = 0; i < Steps.Count; i++)
        {
            var isKept = i > 0 && keeps(i);
            if (isKept)
            {
                kept.Add(point);
            }

            var (next, logDet) = Map(i, point, context);
            total = total is null ? logDet : logDet is null ? total : LogDets.Add(total, logDet);
            if (i > 0 && !isKept)
            {
                point.Dispose();
            }

            point = next;
        }

        return (point, total);
    }

    /// <summary>Runs one step.</summary>
    public (Tensor Point, Tensor? LogDet) Map(int step, Tensor point, Tensor? context) =>
        Steps[step].Map(point, context, _ranks[step]);

    /// <summary>Checkpoints a step in passes to come.</summary>
    public void Mark(int step, string reason) => _chain.Mark(Steps[step].Place, reason);
}
