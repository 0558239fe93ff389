using Bijectors;
using TorchSharp;
using static TorchSharp.torch;

/// <summary>A scalar map in one line: the inverse, the log-slope, the domain and the codomain are derived.</summary>
[GeneratedBijector]
public sealed partial class Squash : Bijector
{
    [Forward]
    private static Tensor Map(Tensor x) => 2 * torch.sigmoid(3 * x + 1) - 1;
}
