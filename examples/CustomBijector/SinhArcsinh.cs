using Bijectors;
using TorchSharp;
using static TorchSharp.torch;

/// <summary>
/// A row of a user's own in the compiler's table: <c>sinh(tail asinh(x) + skew)</c>, a normal distribution with
/// skewness and other tails. Source: Jones, Pewsey 2009, Sinh-arcsinh distributions, Biometrika 96 (4).
/// </summary>
public static class SinhArcsinh
{
    [Primitive(nameof(Inverse), nameof(LogSlope))]
    public static Tensor Map(Tensor x, Tensor skew, [Positive] Tensor tail) => torch.sinh(tail * torch.asinh(x) + skew);

    public static Tensor Inverse(Tensor y, Tensor skew, Tensor tail) => torch.sinh((torch.asinh(y) - skew) / tail);

    public static Tensor LogSlope(Tensor x, Tensor skew, Tensor tail) =>
        torch.log(tail) + Elementwise.LogCosh(tail * torch.asinh(x) + skew) - torch.log1p(torch.square(x)) / 2;
}
