using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The exponential linear unit: <c>y = x for x > 0, else exp(x) - 1</c>, Real to (-1, inf).</summary>
[GeneratedBijector]
public sealed partial class Elu : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => nn.functional.elu(x, 1);
}
