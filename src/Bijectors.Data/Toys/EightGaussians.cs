using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>Eight Gaussians of deviation <c>1/(2 sqrt 2)</c> on a circle of radius <c>4/sqrt 2</c>.</summary>
internal static class EightGaussians
{
    public static (Tensor Points, Tensor? Labels) Draw(int count, Generator generator)
    {
        var component = randint(0, 8, count, dtype: ScalarType.Int64, generator: generator);
        var angle = component.to(ScalarType.Float32) * (Math.PI / 4);
        var centre = 4 * stack([cos(angle), sin(angle)], 1);
        return ((centre + (0.5 * randn(count, 2, generator: generator))) / Math.Sqrt(2), component);
    }
}
