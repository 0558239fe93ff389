using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The standard normal quantile of a probability: <c>y = Phi^-1(x)</c>, (0, 1) to Real.</summary>
/// <remarks>Next to 1 numbers are rounded to multiples of half an epsilon, and y with them: 5.29 is the largest one in
/// float32, where the smallest is -12.9 or less. See <see cref="LogisticToNormal"/> for what has no such end.</remarks>
[GeneratedBijector]
public sealed partial class Probit : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => NormalQuantile.OfLogit(special.logit(x));
}
