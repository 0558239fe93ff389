using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The logarithm: <c>y = log(x)</c>, Positive to Real.</summary>
[GeneratedBijector]
public sealed partial class Log : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => log(x);
}
