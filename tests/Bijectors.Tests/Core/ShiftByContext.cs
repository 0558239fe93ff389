using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

/// <summary>Reads the context itself: <c>y = x + c</c>.</summary>
[GeneratedBijector]
public sealed partial class ShiftByContext : Bijector
{
    public override int EventRank => 1;

    [Forward]
    private static Tensor Map(Tensor x, Tensor? context) => x + context!;
}
