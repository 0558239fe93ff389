using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The hyperbolic sine: <c>y = sinh(x)</c>, Real to Real.</summary>
[GeneratedBijector]
public sealed partial class Sinh : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => sinh(x);
}
