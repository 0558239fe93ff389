using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>
/// Two half circles that reach into each other: <c>(cos t, sin t)</c> and <c>(1 - cos t, 1/2 - sin t)</c>, plus 0.1 e.
/// </summary>
internal static class Moons
{
    public static (Tensor Points, Tensor? Labels) Draw(int count, Generator generator)
    {
        var moon = randint(0, 2, count, dtype: ScalarType.Int64, generator: generator);
        var t = rand(count, generator: generator) * Math.PI;
        var lower = moon.to(ScalarType.Float32);
        var side = 1 - (2 * lower);
        var points = stack([lower + (side * cos(t)), (0.5 * lower) + (side * sin(t))], 1);
        return (points + (0.1 * randn(count, 2, generator: generator)), moon);
    }
}
