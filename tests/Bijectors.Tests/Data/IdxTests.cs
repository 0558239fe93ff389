using System.Buffers.Binary;
using System.IO.Compression;
using Bijectors.Data;
using Xunit;

namespace Bijectors.Tests.Data;

public sealed class IdxTests : FolderTest
{
    [Theory]
    [InlineData("-idx", "")]
    [InlineData("-idx", ".gz")]
    [InlineData(".idx", "")]
    [InlineData(".idx", ".gz")]
    public void Images_and_labels_are_read_packed_or_not(string dash, string packed)
    {
        WriteAll(dash, packed);
        using var set = Datasets.Idx(Folder, validation: 2);
        Assert.Equal("idx: 4 + 2 + 3 items (1, 2, 3), 256 levels", set.ToString());

        // Image i holds i, 10 + i, ... 50 + i row by row; its label is i.
        Assert.Equal([0, 10, 20, 30, 40, 50], Values(set.Test[0]));
        Assert.Equal([2, 12, 22, 32, 42, 52], Values(set.Test[2]));
        Assert.Equal([0L, 1, 2], set.TestLabels!.data<long>().ToArray());
        var seen = Firsts(set.Train[.., 0, 0, 0]).Concat(Firsts(set.Validation[.., 0, 0, 0])).ToList();
        Assert.Equal([0, 1, 2, 3, 4, 5], seen.Order());
        Assert.Equal(seen.Take(4).Select(value => (long)value), set.TrainLabels!.data<long>().ToArray());

        static float[] Firsts(TorchSharp.torch.Tensor tensor) => Values(tensor);
    }

    [Fact]
    public void The_seed_chooses_the_validation_images_and_a_tenth_is_usual()
    {
        WriteAll(count: 40);
        using var first = Datasets.Idx(Folder, seed: 1);
        using var again = Datasets.Idx(Folder, seed: 1);
        using var other = Datasets.Idx(Folder, seed: 2);
        Assert.Equal(4, first.Validation.shape[0]);
        Assert.True(first.Validation.Equals(again.Validation));
        Assert.False(first.Validation.Equals(other.Validation));
        Assert.True(first.Test.Equals(other.Test));
    }

    [Fact]
    public void Labels_may_be_missing()
    {
        WriteAll();
        File.Delete(At("train-labels-idx1-ubyte"));
        Assert.Equal(
            "idx: expected labels for all three parts or for none, got them for some.",
            Message(() => Datasets.Idx(Folder)));
        File.Delete(At("t10k-labels-idx1-ubyte"));
        using var set = Datasets.Idx(Folder);
        Assert.Null(set.TrainLabels);
    }

    [Fact]
    public void A_damaged_file_is_named()
    {
        WriteAll();
        Write("t10k-images-idx3-ubyte", Idx(3, 3, 2, 3)[..^1]);
        Assert.Equal(
            "t10k-images-idx3-ubyte: expected 18 bytes after the header for Byte (3, 2, 3), "
            + "got 17; the file is damaged.",
            Message(() => Datasets.Idx(Folder)));
        Write("t10k-images-idx3-ubyte", Idx(3, 3, 2, 3)[..10]);
        Assert.Equal(
            "t10k-images-idx3-ubyte: expected a header of 16 bytes, got 10; the file is cut short, fetch it again.",
            Message(() => Datasets.Idx(Folder)));
        Write("t10k-images-idx3-ubyte", Idx(1, 30));
        Assert.Equal(
            "t10k-images-idx3-ubyte: expected the magic number 0x00000803 (IDX, unsigned bytes, 3 dimensions), "
            + "got 0x00000801; the file is of another kind.",
            Message(() => Datasets.Idx(Folder)));
        Write("t10k-images-idx3-ubyte", [0, 0, 8, 3, .. Enumerable.Repeat((byte)255, 12)]);
        Assert.Equal(
            "t10k-images-idx3-ubyte: expected sizes of at most 32 dimensions whose product fits a file, "
            + "got (4294967295, 4294967295, 4294967295); the header is damaged.",
            Message(() => Datasets.Idx(Folder)));
    }

    [Fact]
    public void A_packed_file_that_is_cut_short_or_not_packed_is_named()
    {
        WriteAll(packed: ".gz", count: 4_000);
        var whole = File.ReadAllBytes(At("train-images-idx3-ubyte.gz"));
        Write("train-images-idx3-ubyte.gz", whole[..(whole.Length / 2)]);
        const string Expected =
            "train-images-idx3-ubyte.gz: expected a whole gzip file with the checksum of its content at the end, "
            + "got one that is damaged, cut short or followed by something else; fetch it again.";
        Assert.Equal(Expected, Message(() => Datasets.Idx(Folder)));
        Write("train-images-idx3-ubyte.gz", Idx(3, 6, 2, 3));
        Assert.Equal(Expected, Message(() => Datasets.Idx(Folder)));
    }

    [Fact]
    public void What_is_missing_or_does_not_fit_is_named()
    {
        Assert.Equal(
            $"idx: expected the file train-images-idx3-ubyte or train-images-idx3-ubyte.gz in '{Folder}', got neither.",
            Message(() => Datasets.Idx(Folder)));
        Assert.Equal(
            $"idx: expected the folder '{At("none")}', got none; check the path.",
            Message(() => Datasets.Idx(At("none"))));
        WriteAll();
        Assert.Equal(
            "idx: expected 0 to 5 validation items out of 6, got 6.",
            Message(() => Datasets.Idx(Folder, validation: 6)));
        Write("train-labels-idx1-ubyte", Idx(1, 5));
        Assert.Equal(
            "idx: expected one integer label for each of 6 items, got Byte (5).",
            Message(() => Datasets.Idx(Folder)));
        Write("train-images-idx3-ubyte", Idx(3, 0, 2, 3));
        Write("train-labels-idx1-ubyte", Idx(1, 0));
        Assert.Equal(
            "idx: expected items as a tensor (items, ...), got an empty set or none: (0, 1, 2, 3).",
            Message(() => Datasets.Idx(Folder)));
    }

    [Fact]
    public void Fashion_Mnist_is_read_from_a_folder_or_tells_where_to_get_it()
    {
        var message = Message(() => Datasets.FashionMnist(Folder));
        Assert.StartsWith($"fashion-mnist: expected the four IDX files in '{Folder}', got none; on Debian", message);
        Assert.Contains("zalandoresearch/fashion-mnist", message);
        WriteAll();
        using var set = Datasets.FashionMnist(Folder, validation: 1);
        Assert.Equal("fashion-mnist: 5 + 1 + 3 items (1, 2, 3), 256 levels", set.ToString());
    }

    private void WriteAll(string dash = "-idx", string packed = "", int count = 6)
    {
        WriteOne($"train-images{dash}3-ubyte{packed}", Idx(3, count, 2, 3));
        WriteOne($"train-labels{dash}1-ubyte{packed}", Idx(1, count));
        WriteOne($"t10k-images{dash}3-ubyte{packed}", Idx(3, 3, 2, 3));
        WriteOne($"t10k-labels{dash}1-ubyte{packed}", Idx(1, 3));
    }

    private void WriteOne(string name, byte[] content)
    {
        using Stream file = File.Create(At(name));
        using var stream = name.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(file, CompressionLevel.Fastest)
            : file;
        stream.Write(content);
    }

    /// <summary>An IDX file whose item i holds the bytes i, 10 + i, 20 + i and so on.</summary>
    private static byte[] Idx(int rank, params int[] shape)
    {
        var header = new byte[4 + (4 * rank)];
        BinaryPrimitives.WriteInt32BigEndian(header, 0x800 + rank);
        for (var i = 0; i < rank; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), shape[i]);
        }

        var size = shape[1..].Aggregate(1, (product, length) => product * length);
        var items = Enumerable.Range(0, shape[0] * size).Select(i => (byte)((10 * (i % size)) + (i / size)));
        return [.. header, .. items];
    }
}
