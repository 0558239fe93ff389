using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The error function: <c>y = erf(x)</c>, Real to (-1, 1).</summary>
/// <remarks>Saturates sooner than tanh: in float32 erf(4) is 1.</remarks>
[GeneratedBijector]
public sealed partial class Erf : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => erf(x);
}
