using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The reciprocal of positive numbers: <c>y = 1 / x</c>, Positive to Positive.</summary>
[GeneratedBijector]
public sealed partial class Reciprocal : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => reciprocal(x);
}
