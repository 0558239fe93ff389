using Bijectors.Data;
using Xunit;

namespace Bijectors.Tests.Data;

public sealed class CifarTests : FolderTest
{
    [Fact]
    public void Records_become_images_of_three_planes_and_labels()
    {
        WriteAll();
        using var set = Datasets.Cifar10(Folder, seed: 3);
        Assert.Equal("cifar10: 9 + 1 + 2 items (3, 32, 32), 256 levels", set.ToString());
        Assert.Equal([8L, 9], set.TestLabels!.data<long>().ToArray());

        // Plane c of row r holds 50 c + r everywhere, and the class in its first pixel.
        var image = set.Test[1];
        Assert.Equal(9, image[0, 0, 0].item<float>());
        Assert.Equal(50 + 7, image[1, 7, 31].item<float>());
        Assert.Equal(100 + 31, image[2, 31, 0].item<float>());
        Assert.Equal(
            Values(set.Train[.., 0, 0, 0]).Select(value => (long)value),
            set.TrainLabels!.data<long>().ToArray());
    }

    [Fact]
    public void A_damaged_set_is_named()
    {
        Assert.Equal(
            $"cifar10: expected the folder '{At("none")}', got none; check the path.",
            Message(() => Datasets.Cifar10(At("none"))));
        WriteAll();
        Write("data_batch_4.bin", Records(1));
        Assert.Equal(
            "data_batch_4.bin: expected 6146 bytes as in data_batch_1.bin, got 3073; fetch the file again.",
            Message(() => Datasets.Cifar10(Folder)));
        Write("data_batch_4.bin", Records(1, 2)[..^5]);
        Assert.Equal(
            "data_batch_4.bin: expected a multiple of 3073 bytes (a class and 3 x 32 x 32 pixels), got 6141; "
            + "fetch the file again.",
            Message(() => Datasets.Cifar10(Folder)));
        Write("data_batch_4.bin", Records(1, 10));
        Assert.Equal(
            "data_batch_4.bin: expected classes 0..9 at the start of each record, got 10; the file is of another kind.",
            Message(() => Datasets.Cifar10(Folder)));
        File.Delete(At("data_batch_4.bin"));
        Assert.Equal(
            $"data_batch_4.bin: expected the file '{At("data_batch_4.bin")}', got none; check the path.",
            Message(() => Datasets.Cifar10(Folder)));
    }

    private void WriteAll()
    {
        for (var i = 1; i <= 5; i++)
        {
            Write($"data_batch_{i}.bin", Records(i, (i + 5) % 10));
        }

        Write("test_batch.bin", Records(8, 9));
    }

    private static byte[] Records(params int[] classes) => [.. classes.SelectMany(Record)];

    private static IEnumerable<byte> Record(int label)
        => Enumerable.Range(0, 3 * 1024)
            .Select(i => (byte)(i == 0 ? label : (50 * (i / 1024)) + (i % 1024 / 32)))
            .Prepend((byte)label);
}
