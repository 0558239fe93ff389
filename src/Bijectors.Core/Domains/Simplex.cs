using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The open probability simplex: vectors of K positive numbers with <c>sum x_i = 1</c>, a set of K - 1 dimensions. In
/// the measure of the surface its volume is <c>sqrt(K) / (K - 1)!</c>.
/// </summary>
/// <remarks>
/// A sum counts as one within 8 K epsilons of the dtype. What is off by more is outside, and has no density: divide
/// points by their sum, in the dtype that they are used in.
/// </remarks>
public sealed record Simplex : EventDomain
{
    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <inheritdoc/>
    public override Domain Elements => Unit;

    /// <inheritdoc/>
    public override long Dimensions(Shape eventShape) => eventShape.Size - 1;

    /// <inheritdoc/>
    public override Tensor Sample(ReadOnlySpan<long> shape, ScalarType dtype, Generator generator)
    {
        CheckRank(shape.Length);
        using var normal = randn(shape.ToArray(), dtype: dtype, generator: generator);
        return normal.softmax(-1);
    }

    /// <summary>
    /// The Helmert basis of the vectors that sum to zero, the same at every point: column j has
    /// <c>1 / sqrt(j (j + 1))</c> in its first j entries and <c>-j / sqrt(j (j + 1))</c> in the next.
    /// </summary>
    /// <inheritdoc/>
    public override Tensor Tangents(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        CheckRank(x.dim());
        using var scope = NewDisposeScope();
        var size = x.size(-1);
        var j = arange(1, size, x.dtype, x.device);
        var places = arange(0, size, x.dtype, x.device).unsqueeze(-1);
        var basis = where(places < j, ones_like(j), where(places == j, -j, zeros_like(j))) / (j * (j + 1)).sqrt();
        return basis.expand([.. x.shape[..^1], size, size - 1]).clone().MoveToOuterDisposeScope();
    }

    /// <summary><c>Simplex</c></summary>
    public override string ToString() => nameof(Simplex);

    /// <summary>A <see cref="StickBreaking"/>.</summary>
    protected internal override Bijector FromReals() => new StickBreaking();

    /// <inheritdoc/>
    protected internal override Tensor Nearest(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        var positive = x.clamp_min(Least(x.dtype));
        return (positive / positive.sum([-1L], keepdim: true)).MoveToOuterDisposeScope();
    }

    private protected override Tensor Holds(Tensor x)
    {
        var positive = (x > 0).all(-1);
        var off = (x.sum([-1L]) - 1).abs();
        return positive & (off <= Rounding(x.size(-1), x.dtype));
    }
}
