using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Generated;

/// <summary><c>y = sinh(2 x + 1)</c>, as the compiler writes it.</summary>
[GeneratedBijector]
internal sealed partial class SinhLine : Bijector
{
    [Forward]
    private static Tensor Map(Tensor x) => sinh((2 * x) + 1);
}

/// <summary><c>y = sinh(asinh(x) / 2 + 1)</c>, as the compiler writes it.</summary>
[GeneratedBijector]
internal sealed partial class SinhAsinh : Bijector
{
    [Forward]
    private static Tensor Map(Tensor x) => sinh((0.5 * asinh(x)) + 1);
}

/// <summary><c>y = 3 tanh(softplus(2 x) - 1) + 1</c>, as the compiler writes it.</summary>
[GeneratedBijector]
internal sealed partial class SoftTanh : Bijector
{
    [Forward]
    private static Tensor Map(Tensor x) => (3 * tanh(Elementwise.Softplus(2 * x) - 1)) + 1;
}
