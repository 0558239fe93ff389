using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The exponential less one: <c>y = exp(x) - 1</c>, Real to (-1, inf); exact near 0.</summary>
[GeneratedBijector]
public sealed partial class Expm1 : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => expm1(x);
}
