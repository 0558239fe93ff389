using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Probabilities from any vectors, as a stick is broken piece by piece: <c>y_i = v_i (1 - v_1) ... (1 - v_(i-1))</c>
/// with <c>v_i = sigmoid(x_i - log(K - i))</c>, and what is left for the last; <c>(K - 1) -> (K)</c>, Real to
/// <see cref="Domain.Simplex"/>. <c>log|dy/dx| = sum of log y_i + log(K) / 2</c> in the measure of the surface. Zeros
/// give equal probabilities.
/// </summary>
/// <remarks>
/// All products are sums of logarithms, and what is left of the stick is summed from its end, so that small pieces keep
/// their digits in both directions. Source: Stan Reference Manual, "Unit simplex".
/// </remarks>
[GeneratedBijector]
public sealed partial class StickBreaking : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 1;

    [Forward]
    private Tensor Map(Tensor x)
    {
        var piecesBehind = arange(x.size(-1), 0, -1, x.dtype, x.device);    // K - i
        return Stick.Pieces(x - log(piecesBehind));
    }
}
