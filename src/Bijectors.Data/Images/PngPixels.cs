using SkiaSharp;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>
/// One opaque PNG image of 8 bits a channel as bytes <c>(height, width, 4)</c>: red, green, blue, 255.
/// </summary>
internal static class PngPixels
{
    public static Tensor Read(string path)
    {
        var whose = Path.GetFileName(path);
        using var file = SourceFile.Open(whose, path);
        var content = PngContent.Read(whose, file);
        using var data = SKData.CreateCopy(content);
        using var codec = SKCodec.Create(data);
        if (codec is not { EncodedFormat: SKEncodedImageFormat.Png })
        {
            throw new DataException(whose, "a PNG image", "another kind of file");
        }

        // No colour space: the numbers of the file, not what a profile makes of them.
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        var result = codec.GetPixels(info, out var pixels);
        if (result != SKCodecResult.Success)
        {
            throw new DataException(
                whose,
                "a whole PNG image",
                $"one that cannot be decoded ({result})",
                "the file is cut short or damaged");
        }

        var tensor = empty([info.Height, info.Width, 4], dtype: ScalarType.Byte);
        pixels.CopyTo(tensor.bytes);
        return tensor.select(2, 3).eq(255).all().item<bool>()
            ? tensor
            : throw new DataException(whose, "an opaque image", "transparent pixels", "put it on a background first");
    }
}
