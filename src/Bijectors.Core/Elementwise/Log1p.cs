using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The logarithm of one more: <c>y = log(1 + x)</c>, (-1, inf) to Real; exact near 0.</summary>
[GeneratedBijector]
public sealed partial class Log1p : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => log1p(x);
}
