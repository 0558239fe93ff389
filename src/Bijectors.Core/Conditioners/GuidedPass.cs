using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Two passes of a network, with a context and without one, and what is extrapolated from both.</summary>
internal sealed class GuidedPass : ConditionerPass
{
    private readonly ConditionerPass _with;
    private readonly ConditionerPass _without;
    private readonly Tensor _context;
    private readonly Tensor _none;
    private readonly Tensor _weight;

    /// <summary>Begins both.</summary>
    /// <param name="network">The network.</param>
    /// <param name="like">A tensor like the point.</param>
    /// <param name="guided">The guided context; it stays the caller's.</param>
    public GuidedPass(CausalConditioner network, Tensor like, Tensor guided)
        : base(network)
    {
        (_context, _none, _weight) = GuidedContext.Split(guided, network.ContextSize);
        foreach (var part in (ReadOnlySpan<Tensor>)[_context, _none, _weight])
        {
            part.DetachFromDisposeScope();
        }

        (_with, _without) = (network.Begin(like, _context), network.Begin(like, _none));
    }

    /// <inheritdoc/>
    public override Tensor Evaluate()
    {
        using var with = _with.Evaluate();
        using var without = _without.Evaluate();
        return GuidedContext.Extrapolate(with, without, _weight);
    }

    /// <inheritdoc/>
    public override void Append(Tensor entry)
    {
        _with.Append(entry);
        _without.Append(entry);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _with.Dispose();
        _without.Dispose();
        _context.Dispose();
        _none.Dispose();
        _weight.Dispose();
    }
}
