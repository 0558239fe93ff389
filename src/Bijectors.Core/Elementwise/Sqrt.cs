using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The square root: <c>y = sqrt(x)</c>, Positive to Positive.</summary>
[GeneratedBijector]
public sealed partial class Sqrt : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => sqrt(x);
}
