using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The reversible mode of a chain: which layers are inverted in backward and which not, and the passes that do it.
/// </summary>
/// <remarks>Source: Gomez et al. 2017, The reversible residual network, arXiv 1707.04585.</remarks>
internal sealed class ReversibleChain
{
    // A layer that holds a chain of no more bijectors is run again as a whole, with all their activations: to undo the
    // chain inside it once more would take more time.
    private const int WholeUpTo = 8;

    [ThreadStatic]
    private static bool t_suspended;

    private readonly IReadOnlyList<Bijector> _layers;
    private readonly int[] _inside;
    private readonly int? _left;

    // What a backward pass found out about a layer.
    private readonly string?[] _lost;

    public ReversibleChain(IReadOnlyList<Bijector> layers)
    {
        _layers = layers;
        _lost = new string?[layers.Count];
        _inside = [.. layers.Select(layer => layer.modules().Any(inner => inner is IReversible)
            ? layer.modules().Count(inner => inner is Bijector and not IReversible)
            : 0)];

        // At most one, so that what is kept for it grows with the depth of nesting only.
        var most = Enumerable.Range(0, layers.Count).MaxBy(place => _inside[place]);
        _left = _inside[most] > WholeUpTo ? most : null;
    }

    /// <summary>Whether this thread runs every chain as without the mode.</summary>
    public static bool IsSuspended => t_suspended;

    /// <summary>Runs something as without the mode.</summary>
    public static T Suspended<T>(Func<T> run)
    {
        var outer = t_suspended;
        t_suspended = true;
        try
        {
            return run();
        }
        finally
        {
            t_suspended = outer;
        }
    }

    /// <summary>
    /// Whether the chains inside a layer are run as without the mode: in backward the layer is run again as a whole.
    /// </summary>
    public bool IsWhole(int place) => _inside[place] <= WholeUpTo;

    /// <summary>Checkpoints a layer from now on.</summary>
    public void Mark(int place, string reason) => _lost[place] ??= reason;

    /// <summary>Why a layer must not be inverted in backward; null where it may.</summary>
    public string? Reason(int place) =>
        _layers[place].IsIterative ? "one of its directions is found by iteration or entry by entry" : _lost[place];

    /// <summary>Where backward of the forward direction gets the input of a layer from, and why.</summary>
    public (ActivationSource Source, string? Reason) Source(int place) =>
        _layers[place].HasRandomLogDet
            ? (ActivationSource.Graph, "its log-det is estimated, and computed again would be another one")
            : place == _left ? (ActivationSource.Graph, "it holds a long chain, which is reversible by itself")
            : Reason(place) is { } reason ? (ActivationSource.Checkpoint, reason)
            : place == 0 || Source(place - 1).Source == ActivationSource.Graph
            ? (ActivationSource.Checkpoint, "its input is there anyway")
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
    private bool Keeps(ChainStep step, int? eventRank) =>
        step.Place == _left || (eventRank is not null && step.Layer.HasRandomLogDet)
        || Trained(step.Layer).Any(tensor => !tensor.is_leaf);

    /// <summary>The tensors of a layer that take gradients.</summary>
    public static IEnumerable<Tensor> Trained(Bijector layer) =>
        layer.parameters().Concat(layer.buffers()).Where(tensor => tensor.requires_grad);

    private List<ChainStep> Steps(bool inverse)
    {
        var steps = _layers.Select((layer, place) => new ChainStep(layer, place, inverse)).ToList();
        if (inverse)
        {
            steps.Reverse();
        }

        return steps;
    }
}
