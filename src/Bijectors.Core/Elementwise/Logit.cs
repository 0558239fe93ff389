using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The log-odds: <c>y = log(x / (1 - x))</c>, (0, 1) to Real.</summary>
[GeneratedBijector]
public sealed partial class Logit : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => special.logit(x);
}
