using static TorchSharp.torch;

namespace Bijectors.RandomPrograms;

/// <summary>Primitives that are not in the compiler's table.</summary>
public static class Own
{
    /// <summary><c>sinh(asinh(x) + k)</c>.</summary>
    [Primitive(nameof(Unskew), nameof(SkewSlope))]
    public static Tensor Skew(Tensor x, [Elementwise] Tensor k) => (x.asinh() + k).sinh();

    /// <summary>Undoes <see cref="Skew"/>.</summary>
    public static Tensor Unskew(Tensor y, Tensor k) => (y.asinh() - k).sinh();

    /// <summary><c>log(cosh(asinh(x) + k)/sqrt(1 + x^2))</c>.</summary>
    public static Tensor SkewSlope(Tensor x, Tensor k) =>
        Elementwise.LogCosh(x.asinh() + k) - (0.5 * x.square().log1p());

    /// <summary><c>x^3</c> for x > 0.</summary>
    [Primitive(nameof(CubeRoot), nameof(CubeSlope), Low = 0, RangeLow = 0)]
    public static Tensor Cube(Tensor x) => x.pow(3);

    /// <summary>Undoes <see cref="Cube"/>.</summary>
    public static Tensor CubeRoot(Tensor y) => y.pow(1 / 3.0);

    /// <summary><c>log(3 x^2)</c>.</summary>
    public static Tensor CubeSlope(Tensor x) => Math.Log(3) + (2 * x.log());

    /// <summary><c>k - x</c>, its own inverse.</summary>
    [Primitive(nameof(Mirror), nameof(MirrorSlope))]
    public static Tensor Mirror(Tensor x, double k) => k - x;

    /// <summary>Zero.</summary>
    public static Tensor MirrorSlope(Tensor x, double k) => zeros_like(x);
}
