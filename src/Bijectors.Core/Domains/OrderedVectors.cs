using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Vectors whose entries ascend: <c>x_1 &lt; x_2 &lt; ... &lt; x_D</c>.</summary>
public sealed record OrderedVectors : EventDomain
{
    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <inheritdoc/>
    public override Tensor Sample(ReadOnlySpan<long> shape, ScalarType dtype, Generator generator)
    {
        CheckRank(shape.Length);
        using var scope = NewDisposeScope();
        var normal = randn(shape.ToArray(), dtype: dtype, generator: generator);
        var steps = cat([normal.narrow(-1, 0, 1), normal.narrow(-1, 1, normal.size(-1) - 1).exp()], -1);
        return steps.cumsum(-1).MoveToOuterDisposeScope();
    }

    /// <summary><c>Ordered</c></summary>
    public override string ToString() => nameof(Ordered);

    /// <summary>A <see cref="Ascending"/>.</summary>
    protected internal override Bijector FromReals() => new Ascending();

    /// <inheritdoc/>
    protected internal override Tensor Nearest(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        if (Holds(x).all().item<bool>())
        {
            return x.alias().MoveToOuterDisposeScope();
        }

        // Each entry at least a few epsilons above the one before it.
        var info = finfo(x.dtype);
        var entries = Enumerable.Range(0, (int)x.size(-1)).Select(i => x.select(-1, i)).ToArray();
        for (var i = 1; i < entries.Length; i++)
        {
            var room = (4 * info.eps * entries[i - 1].abs()).clamp_min(Least(x.dtype));
            entries[i] = maximum(entries[i], entries[i - 1] + room);
        }

        return stack(entries, -1).MoveToOuterDisposeScope();
    }

    private protected override Tensor Holds(Tensor x)
    {
        var count = x.size(-1) - 1;
        return (x.narrow(-1, 1, count) > x.narrow(-1, 0, count)).all(-1) & x.isnan().any(-1).logical_not();
    }
}
