using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>
/// Two spirals of one and a half turns: <c>(-s cos s + u/2, s sin s + u/2) / 3</c> and its negative, with
/// s = 3 pi sqrt(u), plus 0.1 e.
/// </summary>
internal static class Spirals
{
    public static (Tensor Points, Tensor? Labels) Draw(int count, Generator generator)
    {
        var spiral = randint(0, 2, count, dtype: ScalarType.Int64, generator: generator);
        var s = 3 * Math.PI * sqrt(rand(count, generator: generator));
        var jitter = 0.5 * rand(count, 2, generator: generator);
        var side = (1 - (2 * spiral.to(ScalarType.Float32))).unsqueeze(1);
        var points = side * (stack([-s * cos(s), s * sin(s)], 1) + jitter) / 3;
        return (points + (0.1 * randn(count, 2, generator: generator)), spiral);
    }
}
