using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The reversible mode of a chain: which layers are inverted in backward and which not, and the passes that do it.</summary>
/// <remarks>Source: Gomez et al. 2017, The reversible residual network, arXiv 1707.04585.</remarks>
internal sealed class ReversibleChain(IReadOnlyList<Bijector> layers)
{
    [ThreadStatic]
    private static bool s_suspended;

    // What a backward pass found out about a layer.
    private readonly string?[] _lost = new string?[layers.Count];

    /// <summary>Whether this thread runs every chain as without the mode.</summary>
    public static bool IsSuspended => s_suspended;

    /// <summary>Runs something as without the mode.</summary>
    public static T Suspended<T>(Func<T> run)
    {
        var outer = s_suspended;
        s_suspended = true;
        try
        {
            return run();
        }
        finally
        {
            s_suspended = outer;
        }
    }

    /// <summary>Checkpoints a layer from now on.</summary>
    public void Mark(int place, string reason) => _lost[place] ??= reason;

    /// <summary>Why a layer must not be inverted in backward; null where it may.</summary>
    public string? Reason(int place) =>
        layers[place].IsIterative ? "one of its directions is found by iteration or entry by entry" : _lost[place];

    /// <summary>Where backward of the forward direction gets the input of a layer from, and why.</summary>
    public (ActivationSource Source, string? Reason) Source(int place) =>
        layers[place].HasRandomLogDet ? (ActivationSource.Graph, "its log-det is estimated, and computed again would be another one")
            : Reason(place) is { } reason ? (ActivationSource.Checkpoint, reason)
            : place == 0 || layers[place - 1].HasRandomLogDet ? (ActivationSource.Checkpoint, "its input is there anyway")
            : (ActivationSource.Inverse, null);

    /// <summary>Runs the chain, in reversible passes between the layers that cannot be computed again.</summary>
    /// <returns>The point, fresh, and its log-det where a rank is given; null if that is zero.</returns>
    public (Tensor Point, Tensor? LogDet) Run(Tensor point, Tensor? context, bool inverse, int? eventRank)
    {
        using var scope = NewDisposeScope();
        var steps = Steps(inverse);
        var (start, total) = (0, (Tensor?)null);
        while (start < steps.Count)
        {
            var end = start + 1;
            var keeps = Keeps(steps[start], eventRank);
            while (!keeps && end < steps.Count && !Keeps(steps[end], eventRank))
            {
                end++;
            }

            var part = steps.GetRange(start, end - start);
            var pass = new ReversiblePass(this, part, eventRank);
            var (next, logDet) = keeps ? pass.Plain(point, context) : pass.Apply(point, context);
            total = total is null ? logDet : logDet is null ? total : LogDets.Add(total, logDet);
            point = next;
            eventRank += part.Sum(step => step.RankChange);
            start = end;
        }

        total?.MoveToOuterDisposeScope();
        return (point.MoveToOuterDisposeScope(), total);
    }

    /// <summary>Whether a layer must be left to autograd.</summary>
    private static bool Keeps(ChainStep step, int? eventRank) =>
        (eventRank is not null && step.Layer.HasRandomLogDet) || Trained(step.Layer).Any(tensor => !tensor.is_leaf);

    /// <summary>The tensors of a layer that take gradients.</summary>
    public static IEnumerable<Tensor> Trained(Bijector layer) => layer.parameters().Concat(layer.buffers()).Where(tensor => tensor.requires_grad);

    private List<ChainStep> Steps(bool inverse)
    {
        var steps = layers.Select((layer, place) => new ChainStep(layer, place, inverse)).ToList();
        if (inverse)
        {
            steps.Reverse();
        }

        return steps;
    }
}
