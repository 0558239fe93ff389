using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The other sign: <c>y = -x</c>, Real to Real.</summary>
[GeneratedBijector]
public sealed partial class Negate : Bijector, IDomainMap
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    Domain IDomainMap.Image(Domain input) => input.Scaled(-1, 0);

    Domain IDomainMap.Preimage(Domain output) => output.Scaled(-1, 0);

    /// <inheritdoc/>
    public override int? AffineAxis => 0;

    [Forward]
    private static Tensor Map(Tensor x) => -x;
}
