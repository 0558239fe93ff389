using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The hyperbolic tangent: <c>y = tanh(x)</c>, Real to (-1, 1).</summary>
/// <remarks>Saturates: in float32 tanh(10) is 1, and what was lost there no inverse brings back.</remarks>
[GeneratedBijector]
public sealed partial class Tanh : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => tanh(x);
}
