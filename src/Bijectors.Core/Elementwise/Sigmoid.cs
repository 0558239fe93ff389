using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The logistic function: <c>y = 1 / (1 + exp(-x))</c>, Real to (0, 1).</summary>
/// <remarks>Saturates: in float32 sigmoid(17) is 1, and what was lost there no inverse brings back.</remarks>
[GeneratedBijector]
public sealed partial class Sigmoid : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => sigmoid(x);
}
