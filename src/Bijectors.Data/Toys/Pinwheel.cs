using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>
/// Five arms that bend with the radius: <c>2 R(2 pi k/5 + exp(r)/4) (r, w)</c> with r = 1 + 0.3 e, w = 0.1 e,
/// and R the rotation by that angle.
/// </summary>
internal static class Pinwheel
{
    public static (Tensor Points, Tensor? Labels) Draw(int count, Generator generator)
    {
        var arm = randint(0, 5, count, dtype: ScalarType.Int64, generator: generator);
        var along = 1 + (0.3 * randn(count, generator: generator));
        var across = 0.1 * randn(count, generator: generator);
        var angle = (arm.to(ScalarType.Float32) * (2 * Math.PI / 5)) + (0.25 * exp(along));
        var (c, s) = (cos(angle), sin(angle));
        return (2 * stack([(c * along) - (s * across), (s * along) + (c * across)], 1), arm);
    }
}
