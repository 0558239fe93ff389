using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A power of positive numbers: <c>y = x^exponent</c>, Positive to Positive,
/// <c>log|dy/dx| = log|exponent| + (exponent - 1) log(x)</c>.</summary>
[GeneratedBijector]
public sealed partial class Power : Bijector
{
    [NonZero]
    private readonly double _exponent;

    /// <summary>A power.</summary>
    /// <param name="exponent">The exponent, not zero.</param>
    /// <exception cref="ArgumentException">The exponent is zero or not finite.</exception>
    public Power(double exponent)
    {
        Numbers.CheckNonZero(nameof(Power), exponent);
        _exponent = exponent;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 0;

    /// <inheritdoc/>
    public override Domain Domain => Domain.Positive;

    /// <inheritdoc/>
    public override Domain Codomain => Domain.Positive;

    /// <summary>The type and the exponent.</summary>
    public override string ToString() => FormattableString.Invariant($"Power({_exponent:G6})");

    [Forward]
    private Tensor Map(Tensor x) => pow(x, _exponent);
}
