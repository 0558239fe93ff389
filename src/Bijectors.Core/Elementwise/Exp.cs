using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The exponential: <c>y = exp(x)</c>, Real to Positive.</summary>
[GeneratedBijector]
public sealed partial class Exp : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => exp(x);
}
