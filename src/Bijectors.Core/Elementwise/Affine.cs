using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A fixed line: <c>y = scale x + shift</c>, <c>log|dy/dx| = log|scale|</c>.</summary>
[GeneratedBijector]
public sealed partial class Affine : Bijector, IDomainMap
{
    [NonZero]
    private readonly double _scale;
    private readonly double _shift;

    /// <summary>A fixed line.</summary>
    /// <param name="scale">The slope, not zero.</param>
    /// <param name="shift">The value at 0.</param>
    /// <exception cref="ArgumentException">A number is not finite, or the scale is zero.</exception>
    public Affine(double scale, double shift)
    {
        Numbers.CheckNonZero(nameof(Affine), scale);
        Numbers.CheckFinite(nameof(Affine), shift);
        _scale = scale;
        _shift = shift;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 0;

    /// <summary>The type and the two numbers.</summary>
    public override string ToString() => FormattableString.Invariant($"Affine({_scale:G6}, {_shift:G6})");

    Domain IDomainMap.Image(Domain input) => input.Scaled(_scale, _shift);

    Domain IDomainMap.Preimage(Domain output) => output.Scaled(1 / _scale, -_shift / _scale);

    /// <inheritdoc/>
    public override int? AffineAxis => 0;

    [Forward]
    private Tensor Map(Tensor x) => (x * _scale) + _shift;
}
