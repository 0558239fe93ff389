using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The inverse hyperbolic sine: <c>y = asinh(x)</c>, Real to Real; a logarithm for both signs, for heavy
/// tails.</summary>
[GeneratedBijector]
public sealed partial class Asinh : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => asinh(x);
}
