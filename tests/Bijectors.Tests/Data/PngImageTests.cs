using Bijectors.Data;
using SkiaSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bijectors.Tests.Data;

public sealed class PngImageTests : FolderTest
{
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(1, 3, 2)]
    [InlineData(3, 1, 1)]
    [InlineData(3, 4, 0)]
    public void A_grid_is_read_back_exactly(int channels, int scale, int gap)
    {
        var (count, height, width, columns) = (5, 4, 3, 2);
        using var generator = new Generator(0);
        var levels = randint(0, 256, [count, channels, height, width], dtype: ScalarType.Float32, generator: generator);
        PngImage.WriteGrid(At("grid.png"), levels / 255, columns, scale, gap);

        using var read = SKBitmap.Decode(At("grid.png"));
        Assert.Equal(gap + (columns * ((width * scale) + gap)), read.Width);
        Assert.Equal(gap + (3 * ((height * scale) + gap)), read.Height);
        for (var y = 0; y < read.Height; y++)
        {
            for (var x = 0; x < read.Width; x++)
            {
                Assert.Equal(Expected(x, y), read.GetPixel(x, y));
            }
        }

        SKColor Expected(int x, int y)
        {
            var (column, inX) = Math.DivRem(x - gap, (width * scale) + gap);
            var (row, inY) = Math.DivRem(y - gap, (height * scale) + gap);
            var isGap = x < gap || y < gap || inX >= width * scale || inY >= height * scale;
            var i = (row * columns) + column;
            return isGap || i >= count ? SKColors.White : new SKColor(Level(0), Level(1), Level(2));

            byte Level(int channel)
                => (byte)levels[i, Math.Min(channel, channels - 1), inY / scale, inX / scale].item<float>();
        }
    }

    [Fact]
    public void Grey_images_are_stored_grey_and_a_folder_of_them_is_a_data_set()
    {
        for (var i = 0; i < 3; i++)
        {
            PngImage.WriteGrid(At($"{i}.png"), full([1, 1, 8, 8], i / 2.0), 1, gap: 0);
        }

        // The colour type of the header: 0 is grey.
        Assert.Equal(0, File.ReadAllBytes(At("0.png"))[25]);
        using var set = Datasets.PngFolder(Folder);
        Assert.Equal([0, 128, 255], AllSorted(set).Distinct());
    }

    [Fact]
    public void A_file_is_replaced_and_nothing_is_left_aside()
    {
        Write("grid.png", "old");
        PngImage.WriteGrid(At("grid.png"), zeros(1, 3, 2, 2), 1);
        Assert.Equal(PngImage.EncodeGrid(zeros(1, 3, 2, 2), 1), File.ReadAllBytes(At("grid.png")));
        Assert.Single(Directory.GetFiles(Folder));
        Assert.StartsWith(
            $"PngImage: expected to write '{At("none/grid.png")}', got ",
            Message(() => PngImage.WriteGrid(At("none/grid.png"), zeros(1, 3, 2, 2), 1)));
        Directory.CreateDirectory(At("taken.png"));
        Assert.StartsWith(
            "PngImage: expected to write",
            Message(() => PngImage.WriteGrid(At("taken.png"), zeros(1, 1, 2, 2), 1)));
        Assert.Single(Directory.GetFiles(Folder));
    }

    [Fact]
    public void A_picture_of_more_pixels_than_the_limit_is_refused()
        => Assert.Equal(
            "PngImage: expected a picture of at most 67108864 pixels, got 34359738352; take fewer images, "
            + "fewer columns or a smaller scale.",
            Message(() => PngImage.EncodeGrid(zeros(1, 1, 2, 2), int.MaxValue)));

    [Fact]
    public void Values_outside_0_to_1_and_odd_shapes_are_refused()
    {
        Assert.Equal(
            "PngImage: expected values in [0, 1], got -0.5 to 16; divide by the largest level, or clamp.",
            Message(() => PngImage.EncodeGrid(tensor([-0.5f, 16]).reshape(1, 1, 1, 2), 1)));
        Assert.Equal(
            "PngImage: expected values in [0, 1], got NaN to NaN; divide by the largest level, or clamp.",
            Message(() => PngImage.EncodeGrid(full([1, 1, 2, 2], double.NaN), 1)));
        Assert.Equal(
            "PngImage: expected images (N, 1 or 3, height, width), got (2, 2, 4, 4).",
            Message(() => PngImage.EncodeGrid(zeros(2, 2, 4, 4), 1)));
        Assert.Equal(
            "PngImage: expected at least 1 column, scale 1 and gap 0, got 0, 1 and 2.",
            Message(() => PngImage.EncodeGrid(zeros(2, 1, 4, 4), 0)));
    }
}
