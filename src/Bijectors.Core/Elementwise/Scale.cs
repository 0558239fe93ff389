using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A fixed factor: <c>y = factor x</c>, <c>log|dy/dx| = log|factor|</c>.</summary>
[GeneratedBijector]
public sealed partial class Scale : Bijector, IDomainMap
{
    [NonZero]
    private readonly double _factor;

    /// <summary>A fixed factor.</summary>
    /// <param name="factor">The factor, not zero.</param>
    /// <exception cref="ArgumentException">The factor is zero or not finite.</exception>
    public Scale(double factor)
    {
        Numbers.CheckNonZero(nameof(Scale), factor);
        _factor = factor;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 0;

    /// <summary>The type and the factor.</summary>
    public override string ToString() => FormattableString.Invariant($"Scale({_factor:G6})");

    Domain IDomainMap.Image(Domain input) => input.Scaled(_factor, 0);

    Domain IDomainMap.Preimage(Domain output) => output.Scaled(1 / _factor, 0);

    /// <inheritdoc/>
    public override int? AffineAxis => 0;

    [Forward]
    private Tensor Map(Tensor x) => x * _factor;
}
