using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A fixed translation: <c>y = x + amount</c>, volume preserving.</summary>
[GeneratedBijector]
public sealed partial class Shift : Bijector, IDomainMap
{
    private readonly double _amount;

    /// <summary>A fixed translation.</summary>
    /// <param name="amount">What is added.</param>
    /// <exception cref="ArgumentException">The amount is not finite.</exception>
    public Shift(double amount)
    {
        Numbers.CheckFinite(nameof(Shift), amount);
        _amount = amount;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 0;

    /// <summary>The type and the amount.</summary>
    public override string ToString() => FormattableString.Invariant($"Shift({_amount:G6})");

    Domain IDomainMap.Image(Domain input) => input.Scaled(1, _amount);

    Domain IDomainMap.Preimage(Domain output) => output.Scaled(1, -_amount);

    /// <inheritdoc/>
    public override int? AffineAxis => 0;

    [Forward]
    private Tensor Map(Tensor x) => x + _amount;
}
