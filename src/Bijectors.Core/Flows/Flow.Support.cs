using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <content>The density where it is not that of the formula: outside the support, and outside the range of the dtype.</content>
public sealed partial class Flow
{
    private Tensor LogProbWhere(Tensor inside, Tensor x, Tensor? context)
    {
        using var outsiders = inside.logical_not();
        if (!Any(outsiders))
        {
            return LogProbInside(x, context);
        }

        // Gradients must not pass through what comes out at a point where the flow is not defined: it is NaN or infinite, and
        // NaN * 0 is NaN. So a point of the support stands in for it.
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        var wide = inside.reshape([.. inside.shape, .. Enumerable.Repeat(1L, EventShape.Rank)]);
        var standIn = transform.Domain.Sample(EventShape.ToArray(), x.dtype, generator).to(x.device);
        var logProb = LogProbInside(where(wide, x, standIn), context);
        var missing = x.isnan().reshape([.. inside.shape, -1]).any(-1);
        var outside = where(missing, full_like(logProb, double.NaN), full_like(logProb, double.NegativeInfinity));
        return where(inside, logProb, outside).MoveToOuterDisposeScope();
    }

    private Tensor LogProbInside(Tensor x, Tensor? context)
    {
        var (z, logDet) = Kept(transform.ForwardWithLogDet(x, context, EventShape.Rank));
        using (z)
        using (logDet)
        using (var logProb = @base.LogProb(z, BaseShape.Rank))
        {
            return logProb + logDet;
        }
    }

    private Tensor IsInside(Tensor x)
    {
        using var elements = transform.Domain.Contains(x);
        return All(elements);
    }

    /// <summary>Where it is false, NaN says that the flow is broken, and must not be taken for a density of zero.</summary>
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

    /// <summary>For each event, whether its context has no NaN; the leading dimensions of a context are the first ones of the batch.</summary>
    private static Tensor ContextIsKnown(Tensor? context, Tensor like)
    {
        if (context is null)
        {
            return ones_like(like, ScalarType.Bool);
        }

        using var missing = context.isnan();
        using var any = missing.any(-1);
        using var known = any.logical_not();
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
