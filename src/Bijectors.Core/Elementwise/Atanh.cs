using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The inverse hyperbolic tangent: <c>y = atanh(x)</c>, (-1, 1) to Real.</summary>
[GeneratedBijector]
public sealed partial class Atanh : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => atanh(x);
}
