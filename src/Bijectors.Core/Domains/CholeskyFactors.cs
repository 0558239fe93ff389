using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Lower triangular n x n matrices with a positive diagonal, the Cholesky factors of positive definite ones: a set of
/// <c>n (n + 1) / 2</c> dimensions, whose measure is that of the entries on and below the diagonal.
/// </summary>
public sealed record CholeskyFactors : EventDomain
{
    /// <inheritdoc/>
    public override int EventRank => 2;

    /// <inheritdoc/>
    public override long Dimensions(Shape eventShape) => eventShape[-1] * (eventShape[-1] + 1) / 2;

    /// <inheritdoc/>
    public override Tensor Sample(ReadOnlySpan<long> shape, ScalarType dtype, Generator generator)
    {
        CheckRank(shape.Length);
        using var scope = NewDisposeScope();
        var normal = randn(shape.ToArray(), dtype: dtype, generator: generator);
        var diagonal = eye(normal.size(-1), dtype: ScalarType.Bool);
        return where(diagonal, normal.exp(), normal.tril()).MoveToOuterDisposeScope();
    }

    /// <summary>A unit matrix for each entry on and below the diagonal, row by row; the same at every point.</summary>
    /// <inheritdoc/>
    public override Tensor Tangents(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        CheckRank(x.dim());
        using var scope = NewDisposeScope();
        var size = x.size(-1);
        var flat = tensor(Places(size), device: x.device);
        var basis = eye(size * size, dtype: x.dtype, device: x.device).index_select(1, flat);
        return basis.expand([.. x.shape[..^2], .. basis.shape]).clone().MoveToOuterDisposeScope();
    }

    /// <summary><c>CholeskyFactor</c></summary>
    public override string ToString() => nameof(CholeskyFactor);

    /// <summary>A <see cref="FillCholesky"/>.</summary>
    protected internal override Bijector FromReals() => new FillCholesky();

    /// <inheritdoc/>
    protected internal override Tensor Nearest(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        var diagonal = eye(x.size(-1), dtype: ScalarType.Bool, device: x.device);
        return where(diagonal, x.clamp_min(Least(x.dtype)), x.tril()).MoveToOuterDisposeScope();
    }

    /// <summary>The places on and below the diagonal of a matrix read row by row.</summary>
    internal static long[] Places(long size) =>
        [.. Enumerable.Range(0, checked((int)(size * size))).Select(i => (long)i).Where(i => i % size <= i / size)];

    private protected override Tensor Holds(Tensor x)
    {
        if (x.size(-1) != x.size(-2))
        {
            throw new ShapeException($"{this}", "expected square matrices", $"got {Shape.Of(x.shape.AsSpan()[^2..])}");
        }

        var positive = (x.diagonal(0, -2, -1) > 0).all(-1);
        var above = (x.triu(1).flatten(-2, -1) == 0).all(-1);
        return positive & above & x.isnan().flatten(-2, -1).any(-1).logical_not();
    }
}
