using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The unit sphere: vectors of n numbers with <c>|x| = 1</c>, a set of n - 1 dimensions. In the measure of the surface
/// its area is <c>2 pi^(n/2) / Gamma(n/2)</c>.
/// </summary>
/// <remarks>
/// A squared length counts as one within 8 n epsilons of the dtype. What is off by more is outside, and has no density:
/// divide points by their length, in the dtype that they are used in.
/// </remarks>
public sealed record UnitSphere : EventDomain
{
    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <inheritdoc/>
    public override long Dimensions(Shape eventShape) => eventShape.Size - 1;

    /// <inheritdoc/>
    public override Tensor Sample(ReadOnlySpan<long> shape, ScalarType dtype, Generator generator)
    {
        CheckRank(shape.Length);
        using var normal = randn(shape.ToArray(), dtype: dtype, generator: generator);
        return Nearest(normal);
    }

    /// <summary>
    /// All columns but the first of the reflection that takes x to an axis, <c>I - 2 v v^T / |v|^2</c> with
    /// <c>v = x + sign(x_1) e_1</c>.
    /// </summary>
    /// <inheritdoc/>
    public override Tensor Tangents(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        CheckRank(x.dim());
        using var scope = NewDisposeScope();
        var size = x.size(-1);
        var identity = eye(size, dtype: x.dtype, device: x.device);
        var first = x.narrow(-1, 0, 1);
        var v = x + (where(first < 0, -ones_like(first), ones_like(first)) * identity[0]);
        var outer = v.unsqueeze(-1) * v.unsqueeze(-2);
        var reflection = identity - (2 * outer / v.square().sum([-1L]).unsqueeze(-1).unsqueeze(-1));
        return reflection.narrow(-1, 1, size - 1).clone().MoveToOuterDisposeScope();
    }

    /// <summary><c>Sphere</c></summary>
    public override string ToString() => nameof(Sphere);

    /// <summary>A <see cref="Stereographic"/>.</summary>
    protected internal override Bijector FromReals() => new Stereographic();

    /// <inheritdoc/>
    protected internal override Tensor Nearest(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        var length = x.square().sum([-1L], keepdim: true).sqrt();
        return (x / length).MoveToOuterDisposeScope();
    }

    private protected override Tensor Holds(Tensor x) =>
        (x.square().sum([-1L]) - 1).abs() <= Rounding(x.size(-1), x.dtype);
}
