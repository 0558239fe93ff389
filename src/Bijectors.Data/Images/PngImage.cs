using SkiaSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>Draws images of a tensor as a grid into one PNG, 8 bits a channel, rounded to the nearest level.</summary>
public static class PngImage
{
    private const long MostPixels = 1 << 26;

    /// <summary>
    /// Writes a grid of images to a file: aside first, then renamed, so that no half-written file is ever seen.
    /// </summary>
    /// <param name="path">The file; it is replaced if it exists.</param>
    /// <param name="images">Images <c>(N, C, H, W)</c> with values in [0, 1] and C = 1 or 3.</param>
    /// <param name="columns">The number of images in a row; rows follow, and places left over are white.</param>
    /// <param name="scale">The side of the square that each pixel becomes.</param>
    /// <param name="gap">The width of the white lines around the images, in pixels of the file.</param>
    /// <exception cref="DataException">
    /// Shape, values, columns, scale or gap are not as described, or the file cannot be written.
    /// </exception>
    public static void WriteGrid(string path, Tensor images, int columns, int scale = 1, int gap = 2)
    {
        var png = EncodeGrid(images, columns, scale, gap);
        TargetFile.Write("PngImage", path, stream => stream.Write(png));
    }

    /// <summary>The grid of <see cref="WriteGrid"/> as the bytes of a PNG file.</summary>
    /// <param name="images">Images <c>(N, C, H, W)</c> with values in [0, 1] and C = 1 or 3.</param>
    /// <param name="columns">The number of images in a row.</param>
    /// <param name="scale">The side of the square that each pixel becomes.</param>
    /// <param name="gap">The width of the white lines around the images.</param>
    /// <exception cref="DataException">Shape, values, columns, scale or gap are not as described.</exception>
    public static byte[] EncodeGrid(Tensor images, int columns, int scale = 1, int gap = 2)
    {
        Check(images, columns, scale, gap);
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var grid = Grid(((images.cpu().to(ScalarType.Float32) * 255) + 0.5).to(ScalarType.Byte), columns, scale, gap);
        var (height, width, colour) = ((int)grid.shape[0], (int)grid.shape[1], grid.shape[2] == 4);
        var layout = colour ? SKColorType.Rgba8888 : SKColorType.Gray8;
        var info = new SKImageInfo(width, height, layout, SKAlphaType.Opaque);
        using var image = SKImage.FromPixelCopy(info, grid.bytes);
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    /// <summary>
    /// Bytes <c>(N, C, H, W)</c> laid out as <c>(height, width, 1)</c> if grey and <c>(height, width, 4)</c> if
    /// coloured.
    /// </summary>
    private static Tensor Grid(Tensor images, int columns, int scale, int gap)
    {
        var cells = images.repeat_interleave(scale, 2).repeat_interleave(scale, 3).permute(0, 2, 3, 1);
        var (count, height, width, channels) = (cells.shape[0], cells.shape[1], cells.shape[2], cells.shape[3]);
        var rows = (count + columns - 1) / columns;
        long[] size = [gap + (rows * (height + gap)), gap + (columns * (width + gap)), channels == 1 ? 1 : 4];
        var grid = full(size, 255, dtype: ScalarType.Byte);
        for (long i = 0; i < count; i++)
        {
            using var cellScope = NewDisposeScope();
            grid.narrow(0, gap + (i / columns * (height + gap)), height)
                .narrow(1, gap + (i % columns * (width + gap)), width)
                .narrow(2, 0, channels)
                .copy_(cells.select(0, i));
        }

        return grid;
    }

    private static void Check(Tensor images, int columns, int scale, int gap)
    {
        if (images.dim() != 4 || images.shape[1] is not (1 or 3) || images.numel() == 0)
        {
            throw new DataException(
                "PngImage",
                "images (N, 1 or 3, height, width)",
                ShapeText.Of(images));
        }

        if (columns < 1 || scale < 1 || gap < 0)
        {
            throw new DataException(
                "PngImage",
                "at least 1 column, scale 1 and gap 0",
                $"{columns}, {scale} and {gap}");
        }

        var (across, down) = ((Int128)columns, (images.shape[0] + columns - 1) / columns);
        var pixels = across * ((images.shape[3] * scale) + gap) * (down * ((images.shape[2] * (Int128)scale) + gap));
        if (pixels > MostPixels)
        {
            throw new DataException(
                "PngImage", $"a picture of at most {MostPixels} pixels", $"{pixels}",
                "take fewer images, fewer columns or a smaller scale");
        }

        using var scope = NewDisposeScope();
        var good = images.ge(0).logical_and(images.le(1)).all().item<bool>();
        if (!good)
        {
            var values = images.to(ScalarType.Float64);
            var (low, high) = (values.min().item<double>(), values.max().item<double>());
            throw new DataException(
                "PngImage",
                "values in [0, 1]",
                $"{low:G6} to {high:G6}",
                "divide by the largest level, or clamp");
        }
    }
}
