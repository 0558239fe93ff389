using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The entries at even and at odd places along a dimension.</summary>
internal sealed class AlternatingPartition(int dim) : Partition
{
    private readonly int _dim = dim;

    public override int EventRank => -_dim;

    public override (Tensor First, Tensor Second) Split(Tensor x)
    {
        var total = x.size(_dim);
        return (x.slice(x.dim() + _dim, 0, total, 2), x.slice(x.dim() + _dim, 1, total, 2));
    }

    public override Tensor Join(Tensor first, Tensor second)
    {
        var axis = first.dim() + _dim;
        var size = first.size(_dim);
        if (size == second.size(_dim))
        {
            using var pairs = stack([first, second], axis + 1);
            return pairs.flatten(axis, axis + 1);
        }

        using var scope = NewDisposeScope();
        var head = stack([first.narrow(axis, 0, size - 1), second], axis + 1).flatten(axis, axis + 1);
        return cat([head, first.narrow(axis, size - 1, 1)], axis).MoveToOuterDisposeScope();
    }

    public override (Shape First, Shape Second) Split(Shape x) =>
        x[_dim] > 1
            ? (x.With(_dim, (x[_dim] + 1) / 2), x.With(_dim, x[_dim] / 2))
            : throw new ShapeException(ToString(), $"expected more than 1 entry along dimension {_dim}", $"got {x}");

    public override Shape Join(Shape first, Shape second) =>
        Joined(first.With(_dim, first[_dim] + second[_dim]), first, second);

    public override string ToString() => $"Alternating({_dim})";
}
