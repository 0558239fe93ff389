using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A line with a bend at 0: <c>y = x for x > 0, else slope x</c>, <c>log|dy/dx| = 0 for x > 0, else log(slope)</c>.
/// </summary>
[GeneratedBijector]
public sealed partial class LeakyRelu : Bijector
{
    [Positive]
    private readonly double _slope;

    /// <summary>A line with a bend at 0.</summary>
    /// <param name="slope">The slope of the negative side, greater than zero.</param>
    /// <exception cref="ArgumentException">The slope is not positive, or not finite.</exception>
    public LeakyRelu(double slope = 0.01)
    {
        Numbers.CheckPositive(nameof(LeakyRelu), slope);
        _slope = slope;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 0;

    /// <summary>The type and the slope.</summary>
    public override string ToString() => FormattableString.Invariant($"LeakyRelu({_slope:G6})");

    [Forward]
    private Tensor Map(Tensor x) => nn.functional.leaky_relu(x, _slope);
}
