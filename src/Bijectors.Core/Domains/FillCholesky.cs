using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Lower triangular matrices with a positive diagonal from any vectors, filled row by row, the diagonal through exp:
/// <c>(n (n + 1) / 2) -> (n, n)</c>, Real to <see cref="Domain.CholeskyFactor"/>;
/// <c>log|dy/dx| = sum of the entries that become the diagonal</c>, in the measure of the entries on and below the
/// diagonal.
/// </summary>
// By hand: the language has no maps that change the number of entries.
public sealed class FillCholesky : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <inheritdoc/>
    public override int OutputEventRank => 2;

    /// <inheritdoc/>
    public override Domain Codomain => Domain.CholeskyFactor;

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input)
    {
        var size = Size(input[-1]);
        return size * (size + 1) / 2 == input[-1]
            ? Shape.Of(size, size)
            : throw new ShapeException(
                nameof(FillCholesky), "expected n (n + 1) / 2 entries: 1, 3, 6, 10, ...", $"got {input}");
    }

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => output[-1] == output[-2]
        ? Shape.Vector(output[-1] * (output[-1] + 1) / 2)
        : throw new ShapeException(nameof(FillCholesky), "expected square matrices", $"got {output}");

    /// <inheritdoc/>
    protected internal override Tensor ForwardCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var size = Size(x.size(-1));
        var last = x.dim() - 1;
        var filled = where(IsDiagonal(size, x), x.exp(), x);

        // Above the diagonal stands the zero behind the entries.
        var entries = cat([filled, zeros([.. x.shape[..^1], 1], x.dtype, x.device)], -1);
        return entries.index_select(last, Sources(size, x)).unflatten(last, [size, size]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override Tensor InverseCore(Tensor y, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var size = y.size(-1);
        var entries = y.flatten(-2, -1).index_select(y.dim() - 2, Places(size, y));
        var isDiagonal = IsDiagonal(size, y);

        // The logarithm is taken of the diagonal alone: what is beside it may be negative, and its
        // gradient would be NaN.
        var positive = where(isDiagonal, entries, ones_like(entries));
        return where(isDiagonal, positive.log(), entries).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank) =>
        (ForwardCore(x, context), LogDet(x, x, eventRank));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank)
    {
        using var scope = NewDisposeScope();
        var each = -y.diagonal(0, -2, -1).log().sum([-1L]);
        return (InverseCore(y, context).MoveToOuterDisposeScope(),
            LogDets.Sum(each, y, eventRank, termRank: 2).MoveToOuterDisposeScope());
    }

    private static Tensor LogDet(Tensor x, Tensor like, int eventRank)
    {
        using var scope = NewDisposeScope();
        var each = x.index_select(x.dim() - 1, Diagonal(Size(x.size(-1)), x)).sum([-1L]);
        return LogDets.Sum(each, like, eventRank, termRank: 1).MoveToOuterDisposeScope();
    }

    /// <summary>The largest n with n (n + 1) / 2 entries or fewer.</summary>
    private static long Size(long entries) => (long)((Math.Sqrt((8.0 * entries) + 1) - 1) / 2);

    /// <summary>Where the entries go in the matrix read row by row.</summary>
    private static Tensor Places(long size, Tensor like) => tensor(CholeskyFactors.Places(size), device: like.device);

    /// <summary>
    /// For each entry of the matrix the one that it comes from; the one behind the last above the diagonal.
    /// </summary>
    private static Tensor Sources(long size, Tensor like)
    {
        var lower = CholeskyFactors.Places(size);
        var sources = Enumerable.Repeat((long)lower.Length, checked((int)(size * size))).ToArray();
        for (var i = 0; i < lower.Length; i++)
        {
            sources[lower[i]] = i;
        }

        return tensor(sources, device: like.device);
    }

    /// <summary>Which of the entries become the diagonal: 0, 2, 5, 9, ...</summary>
    private static Tensor Diagonal(long size, Tensor like)
    {
        using var numbers = arange(1, size + 1, ScalarType.Int64, like.device);
        using var ends = numbers.cumsum(0);
        return ends - 1;
    }

    private static Tensor IsDiagonal(long size, Tensor like)
    {
        using var places = Places(size, like);
        using var column = places.remainder(size + 1);
        return column == 0;
    }
}
