using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A set of whole events, of vectors or matrices: what its kinds have in common.</summary>
public abstract record EventDomain : Domain
{
    /// <summary>How many epsilons of the dtype, for each entry, a sum may be off that must be one.</summary>
    private protected const double Roundings = 8;

    private protected EventDomain()
    {
    }

    /// <inheritdoc/>
    public override Tensor Contains(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        CheckRank(x.dim());
        using var scope = NewDisposeScope();
        var inside = Holds(x);
        return inside.reshape([.. inside.shape, .. Enumerable.Repeat(1L, EventRank)]).expand(x.shape)
            .clone().MoveToOuterDisposeScope();
    }

    /// <summary>For each event whether it is inside, <c>(batch...)</c>; in a scope of the caller.</summary>
    private protected abstract Tensor Holds(Tensor x);

    private protected void CheckRank(long dimensions)
    {
        if (dimensions < EventRank)
        {
            throw new ShapeException(
                $"{this}", $"expected points of at least {EventRank} dimensions", $"got {dimensions}");
        }
    }

    /// <summary>What a sum of so many numbers around one may be off, <c>n eps</c> times a few.</summary>
    private protected static double Rounding(long count, ScalarType dtype) => Roundings * count * finfo(dtype).eps;
}
