using TorchSharp;
using static TorchSharp.torch;

/// <summary>
/// A density that is known by its energy, <c>p(x) = exp(-U(x)) / Z</c>: a normal distribution, bent along a parabola.
/// Here Z is known too, which lets us see the divergence itself.
/// </summary>
public static class Banana
{
    /// <summary><c>log Z</c>.</summary>
    public static double LogConstant { get; } = Math.Log(2 * Math.PI);

    /// <summary><c>U(x) = x0^2 / 8 + 2 (x1 - x0^2 / 4)^2</c>.</summary>
    public static Tensor Energy(Tensor x)
    {
        var (a, b) = (x.select(-1, 0), x.select(-1, 1));
        return a.square() / 8 + 2 * (b - a.square() / 4).square();
    }
}
