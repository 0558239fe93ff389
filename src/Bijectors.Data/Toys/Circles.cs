using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>Two circles about the origin, of radius 1 and 1/2, plus 0.05 e.</summary>
internal static class Circles
{
    public static (Tensor Points, Tensor? Labels) Draw(int count, Generator generator)
    {
        var circle = randint(0, 2, count, dtype: ScalarType.Int64, generator: generator);
        var angle = rand(count, generator: generator) * (2 * Math.PI);
        var radius = 1 - (0.5 * circle.to(ScalarType.Float32));
        var points = stack([radius * cos(angle), radius * sin(angle)], 1);
        return (points + (0.05 * randn(count, 2, generator: generator)), circle);
    }
}
