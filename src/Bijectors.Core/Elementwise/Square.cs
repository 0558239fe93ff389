using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The square of positive numbers: <c>y = x^2</c>, Positive to Positive.</summary>
[GeneratedBijector]
public sealed partial class Square : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => square(x);
}
