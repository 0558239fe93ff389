using static TorchSharp.torch;

namespace Bijectors.Tests.Interactive;

/// <summary>A layer whose name is what nobody should run.</summary>
[GeneratedBijector]
internal sealed partial class Hostile : Bijector
{
    public override string ToString() => "<script>alert(1)</script>";

    [Forward]
    private static Tensor Map(Tensor x) => 2 * x;
}
