using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The normal quantile of a logit: <c>y = Phi^-1(sigmoid(x))</c>, Real to Real, which turns standard logistic numbers
/// into standard normal ones; <c>log|dy/dx| = log(Phi(-|y|)/phi(y)) + log sigmoid(|x|)</c>.
/// </summary>
/// <remarks>Far out y grows as <c>sqrt(2 |x|)</c>; neither tail saturates, see <see cref="NormalQuantile"/>.</remarks>
[GeneratedBijector]
public sealed partial class LogisticToNormal : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => NormalQuantile.OfLogit(x);
}
