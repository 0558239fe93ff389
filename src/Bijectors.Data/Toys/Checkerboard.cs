using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>
/// Uniform on the eight dark squares of side 2 of the board <c>[-4, 4) x [-4, 4)</c>: those whose square numbers
/// <c>floor(x/2) + floor(y/2)</c> are even. The density there is 1/32.
/// </summary>
internal static class Checkerboard
{
    public static (Tensor Points, Tensor? Labels) Draw(int count, Generator generator)
    {
        var column = randint(0, 4, count, generator: generator);
        var pair = randint(0, 2, count, generator: generator);
        var corner = stack([column - 2, (2 * pair) - 2 + column.remainder(2)], 1);
        return (2 * (corner + rand(count, 2, generator: generator)), null);
    }
}
