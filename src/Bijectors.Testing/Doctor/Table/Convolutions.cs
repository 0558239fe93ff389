using static Bijectors.Testing.Doctor.Row;
using static TorchSharp.torch.nn.functional;

namespace Bijectors.Testing.Doctor;

/// <summary>
/// Convolutions of images, with a margin of zeros that keeps their size. On the processor layers of this library do not
/// use torch's; networks that users write do. Channels that do not fill a block of 8 or 16 are asked: there libraries
/// pad, and padding must be written before it is read.
/// </summary>
internal static class Convolutions
{
    private static readonly (int Batch, int In, int Out, int Height, int Width)[] s_cases =
    [
        (1, 1, 1, 1, 1), (1, 1, 2, 4, 4), (2, 2, 5, 3, 5), (8, 3, 1, 4, 4), (1, 5, 23, 5, 3), (2, 7, 16, 4, 4),
        (3, 8, 2, 7, 5), (1, 9, 32, 3, 3), (2, 12, 5, 8, 8), (5, 16, 23, 2, 2), (1, 17, 1, 6, 6),
    ];

    public static IReadOnlyList<Operation> Rows { get; } =
    [
        Kernel(1), Kernel(3), Kernel(5),
        Of("nn.functional.unfold", "1x1x1x1, 2x3x4x6, 1x5x5x3", x => unfold(x, 3, padding: 1),
            x => RealArray.Of([x.Shape[0], 9 * x.Shape[1], x.Shape[2] * x.Shape[3]],
                at => Seen(x, at[0], at[1], at[2]))),
    ];

    private static TabledOperation Kernel(int size)
    {
        var shapes = s_cases.Select(one =>
            $"{one.Batch}x{one.In}x{one.Height}x{one.Width} {one.Out}x{one.In}x{size}x{size} {one.Out}");
        var margin = size / 2;
        return Of(
            $"nn.functional.conv2d: kernel {size}",
            string.Join(", ", shapes),
#pragma warning disable RS0030 // This is the call that is to be checked.
            (x, weight, bias) => conv2d(x, weight, bias, padding: [margin, margin]),
#pragma warning restore RS0030
            (x, weight, bias) => Convolved(x, weight, bias, margin));
    }

    private static RealArray Convolved(RealArray x, RealArray weight, RealArray bias, int margin)
    {
        var (channels, size) = (weight.Shape[1], weight.Shape[2]);
        return RealArray.Of(
            [x.Shape[0], weight.Shape[0], x.Shape[2], x.Shape[3]],
            at => bias[at[1]] + Real.Dot(channels * size * size, k => Term(at, k)));

        (Real, Real) Term(int[] at, int k)
        {
            var (c, i, j) = (k / (size * size), k / size % size, k % size);
            return (Pixel(x, at[0], c, at[2] + i - margin, at[3] + j - margin), weight[at[1], c, i, j]);
        }
    }

    /// <summary>What entry k of a filter of 3 x 3 pixels sees where its middle is on one pixel.</summary>
    private static Real Seen(RealArray x, int image, int k, int pixel)
    {
        var (row, column) = (pixel / x.Shape[3], pixel % x.Shape[3]);
        return Pixel(x, image, k / 9, row + (k / 3 % 3) - 1, column + (k % 3) - 1);
    }

    /// <summary>A pixel of an image, zero in the margin.</summary>
    private static Real Pixel(RealArray x, int image, int channel, int row, int column) =>
        row >= 0 && row < x.Shape[2] && column >= 0 && column < x.Shape[3] ? x[image, channel, row, column] : 0;
}
