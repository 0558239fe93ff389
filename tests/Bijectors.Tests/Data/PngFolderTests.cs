using Bijectors.Data;
using SkiaSharp;
using Xunit;

namespace Bijectors.Tests.Data;

public sealed class PngFolderTests : FolderTest
{
    // One grey pixel of 16 bits.
    private const string SixteenBits =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABEAAAAABq7kcWAAAAC0lEQVR4nGMQMgEAAFsAR5b7G2UAAAAASUVORK5CYII=";

    [Fact]
    public void Grey_images_become_one_channel_and_pixels_stay_as_they_are()
    {
        for (var i = 0; i < 10; i++)
        {
            WritePng($"{i}.png", 3, 2, (x, y) => Grey((byte)((10 * i) + (3 * y) + x)));
        }

        Write("notes.txt", "not an image");
        using var set = Datasets.PngFolder(Folder);
        Assert.Equal("png: 8 + 1 + 1 items (1, 2, 3), 256 levels", set.ToString());
        var expected = Enumerable.Range(0, 60).Select(i => (float)((10 * (i / 6)) + (i % 6)));
        Assert.Equal(expected, AllSorted(set));
        Assert.Equal([0, 1, 2, 3, 4, 5], Values(set.Test[0] - set.Test[0].min()));
        using var three = Datasets.PngFolder(Folder, channels: 3);
        Assert.Equal([3L, 2, 3], three.ItemShape);
        Assert.True(three.Test[0, 0].Equals(three.Test[0, 2]));
    }

    [Fact]
    public void Coloured_images_become_three_channels()
    {
        for (var i = 0; i < 3; i++)
        {
            WritePng($"{i}.PNG", 2, 2, (x, y) => new SKColor((byte)(100 + x), (byte)(150 + y), (byte)i));
        }

        using var set = Datasets.PngFolder(Folder, seed: 1);
        Assert.Equal([3L, 2, 2], set.ItemShape);
        Assert.Equal([100, 101, 100, 101, 150, 150, 151, 151], Values(set.Train[0, ..2]));
        Assert.Equal(
            "0.PNG: expected a grey image for 1 channel, got a coloured one; ask for 3 channels.",
            Message(() => Datasets.PngFolder(Folder, channels: 1)));
        WritePng("3.png", 2, 2, (_, _) => Grey(7));
        using var mixed = Datasets.PngFolder(Folder);
        Assert.Equal([3L, 2, 2], mixed.ItemShape);
    }

    [Fact]
    public void A_file_that_does_not_fit_is_named()
    {
        WritePng("a.png", 3, 2, (_, _) => Grey(1));
        WritePng("b.png", 2, 3, (_, _) => Grey(1));
        Assert.Equal(
            "b.png: expected 3 x 2 pixels as in a.png, got 2 x 3; all images need one size.",
            Message(() => Datasets.PngFolder(Folder)));
        Write("b.png", "no image at all, but long enough for a header");
        Assert.Equal(
            "b.png: expected a PNG image, got another kind of file.",
            Message(() => Datasets.PngFolder(Folder)));
        WritePng("b.png", 3, 2, (_, _) => new SKColor(1, 1, 1, 128));
        Assert.Equal(
            "b.png: expected an opaque image, got transparent pixels; put it on a background first.",
            Message(() => Datasets.PngFolder(Folder)));
        var whole = WritePng("b.png", 60, 60, (x, y) => Grey((byte)(x * y)));
        Write("b.png", whole[..(whole.Length / 2)]);
        Assert.StartsWith("b.png: expected a whole PNG image, got ", Message(() => Datasets.PngFolder(Folder)));
    }

    [Fact]
    public void No_images_and_odd_channels_are_refused()
    {
        Assert.Equal($"png: expected *.png files in '{Folder}', got none.", Message(() => Datasets.PngFolder(Folder)));
        Assert.Equal(
            $"png: expected the folder '{At("none")}', got none; check the path.",
            Message(() => Datasets.PngFolder(At("none"))));
        Assert.Equal(
            "png: expected 1 channel (grey) or 3 (colour), got 2.",
            Message(() => Datasets.PngFolder(Folder, channels: 2)));
    }

    [Fact]
    public void Sixteen_bits_a_channel_are_refused()
    {
        Write("a.png", Convert.FromBase64String(SixteenBits));
        Assert.Equal(
            "a.png: expected 8 bits a channel, got 16; convert the image.",
            Message(() => Datasets.PngFolder(Folder)));
    }

    private static SKColor Grey(byte value) => new(value, value, value);

    private byte[] WritePng(string name, int width, int height, Func<int, int, SKColor> colour)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                bitmap.SetPixel(x, y, colour(x, y));
            }
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(At(name), data.ToArray());
        return data.ToArray();
    }
}
