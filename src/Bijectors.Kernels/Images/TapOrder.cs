using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// What a filter sees of the pixels before each pixel, in an order of rows and columns that begins in one corner.
/// </summary>
/// <param name="Taps">How many rows and columns back each tap lies; its pixel comes before.</param>
/// <param name="FromBottom">Whether the last row is the first of the order.</param>
/// <param name="FromRight">Whether the last column is.</param>
internal sealed record TapOrder(IReadOnlyList<(int Down, int Right)> Taps, bool FromBottom, bool FromRight)
{
    /// <summary>The same taps in the opposite order: those of the transposed map.</summary>
    public TapOrder Opposite() => this with { FromBottom = !FromBottom, FromRight = !FromRight };

    /// <summary>Images <c>(..., height, width)</c> whose first pixel is that of the order, or back.</summary>
    /// <returns>A fresh tensor.</returns>
    public Tensor Turned(Tensor images) => (FromBottom, FromRight) switch
    {
        (true, true) => images.flip(-2, -1),
        (true, false) => images.flip(-2),
        (false, true) => images.flip(-1),
        _ => images.alias(),
    };
}
