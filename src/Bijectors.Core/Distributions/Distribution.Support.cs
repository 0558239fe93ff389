using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <content>The density where it is not that of the formula: outside the support, and outside the range of the
/// dtype.</content>
public abstract partial class Distribution
{
    /// <summary>A log-density at points inside the support, -inf at those outside.</summary>
    private protected Tensor OnSupport(Tensor x, Tensor? context, Func<Tensor, Tensor?, Tensor> density)
    {
        using var inside = IsInside(x);
        var logProb = Where(inside, x, context, density);
        using var representable = logProb.isfinite();
        using var lost = representable.logical_not();
        using var overflowed = inside.logical_and(lost);
        if (!Any(overflowed) || !HasFiniteNumbers())
        {
            return logProb;
        }

        // A density too small for the dtype, or a point so close to an end that a layer takes it for the end: inf - inf
        // on the way is no answer.
        using var known = ContextIsKnown(context, logProb);
        using var dropped = overflowed.logical_and(known);
        using var kept = dropped.logical_not();
        using var rest = inside.logical_and(kept);
        using (logProb)
        {
            return Where(rest, x, context, density);
        }
    }

    private Tensor Where(Tensor inside, Tensor x, Tensor? context, Func<Tensor, Tensor?, Tensor> density)
    {
        using var outsiders = inside.logical_not();
        if (!Any(outsiders))
        {
            return Shaped(density(x, context), inside.shape, nameof(LogProbCore));
        }

        // Gradients must not pass through what comes out at a point where the density is not defined: it is NaN or
        // infinite, and NaN * 0 is NaN. So a point of the support stands in for it.
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        var wide = inside.reshape([.. inside.shape, .. Enumerable.Repeat(1L, EventShape.Rank)]);
        var standIn = Support.Sample(EventShape.ToArray(), x.dtype, generator).to(x.device);
        var logProb = density(where(wide, x, standIn), context);
        var missing = x.isnan().reshape([.. inside.shape, -1]).any(-1);
        var outside = where(missing, full_like(logProb, double.NaN), full_like(logProb, double.NegativeInfinity));
        return where(inside, logProb, outside).MoveToOuterDisposeScope();
    }

    private Tensor IsInside(Tensor x)
    {
        using var elements = Support.Contains(x);
        return All(elements);
    }

    /// <summary>
    /// Where it is false, NaN says that the flow is broken, and must not be taken for a density of zero.
    /// </summary>
    private bool HasFiniteNumbers()
    {
        using var ungraded = no_grad();
        foreach (var number in parameters().Concat(buffers()).Where(tensor => tensor.is_floating_point()))
        {
            using var finite = number.isfinite();
            using var all = finite.all();
            if (!all.item<bool>())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a context of NaN stands for none.</summary>
    private protected virtual bool ContextMayBeMissing => false;

    /// <summary>
    /// For each event, whether its context has no NaN, or may be missing and is; the leading dimensions of a context
    /// are the first ones of the batch.
    /// </summary>
    private Tensor ContextIsKnown(Tensor? context, Tensor like)
    {
        if (context is null || ContextShape is not { } shape)
        {
            return ones_like(like, ScalarType.Bool);
        }

        using var missing = context.isnan();
        using var flat = missing.reshape([.. context.shape[..^shape.Rank], shape.Size]);
        using var any = flat.any(-1);
        using var none = ContextMayBeMissing ? flat.all(-1) : zeros_like(any);
        using var some = any.logical_not();
        using var known = some.logical_or(none);
        return known.reshape([.. known.shape, .. Enumerable.Repeat(1L, (int)(like.dim() - known.dim()))]);
    }

    /// <summary>For each event, whether it is so for all its elements.</summary>
    private Tensor All(Tensor elements)
    {
        if (EventShape.Rank == 0)
        {
            return elements.alias();
        }

        using var events = elements.flatten(elements.dim() - EventShape.Rank);
        return events.all(-1);
    }

    private static bool Any(Tensor events)
    {
        using var any = events.any();
        return any.item<bool>();
    }
}
