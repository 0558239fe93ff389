using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The softplus: <c>y = log(1 + exp(x))</c>, Real to Positive.</summary>
[GeneratedBijector]
public sealed partial class Softplus : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => nn.functional.softplus(x);
}
