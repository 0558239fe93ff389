using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>Decodes a folder of PNG images into one tensor of bytes <c>(N, channels, height, width)</c>.</summary>
internal static class PngFolderReader
{
    private static readonly EnumerationOptions AnyCase = new() { MatchCasing = MatchCasing.CaseInsensitive };

    public static string[] Files(string folder)
        => [.. Directory.EnumerateFiles(folder, "*.png", AnyCase).Order(StringComparer.Ordinal)];

    public static Dataset Open(string folder, int? channels, Split split, int seed)
    {
        if (channels is not (null or 1 or 3))
        {
            throw new DataException("png", "1 channel (grey) or 3 (colour)", $"{channels}");
        }

        if (!Directory.Exists(folder))
        {
            throw SourceFile.NoFolder("png", folder);
        }

        var files = Files(folder);
        if (files.Length == 0)
        {
            throw new DataException("png", $"*.png files in '{folder}'", "none");
        }

        using var scope = NewDisposeScope();
        var images = Read(files, channels == 1, out var grey);
        return SplitItems.Deal("png", channels != 3 && grey ? images.narrow(1, 0, 1) : images, split, seed, 256, null);
    }

    private static Tensor Read(string[] files, bool mustBeGrey, out bool grey)
    {
        grey = true;
        Tensor? images = null;
        for (var i = 0; i < files.Length; i++)
        {
            using var inner = NewDisposeScope();
            var pixels = PngPixels.Read(files[i]);
            var rgb = pixels.narrow(2, 0, 3);
            var isGrey = rgb.eq(rgb.narrow(2, 0, 1)).all().item<bool>();
            if (mustBeGrey && !isGrey)
            {
                throw new DataException(
                    Path.GetFileName(files[i]),
                    "a grey image for 1 channel",
                    "a coloured one",
                    "ask for 3 channels");
            }

            if (images is null)
            {
                RawTensor.CheckRoom("png", files.Length * 3 * pixels.shape[0] * pixels.shape[1]);
            }

            images ??= empty([files.Length, 3, pixels.shape[0], pixels.shape[1]], dtype: ScalarType.Byte)
                .MoveToOuterDisposeScope();
            if (pixels.shape[0] != images.shape[2] || pixels.shape[1] != images.shape[3])
            {
                throw new DataException(
                    Path.GetFileName(files[i]),
                    $"{images.shape[3]} x {images.shape[2]} pixels as in {Path.GetFileName(files[0])}",
                    $"{pixels.shape[1]} x {pixels.shape[0]}",
                    "all images need one size");
            }

            images.select(0, i).copy_(rgb.permute(2, 0, 1));
            grey &= isGrey;
        }

        return images!;
    }
}
