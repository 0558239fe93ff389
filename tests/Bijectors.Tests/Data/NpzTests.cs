using System.IO.Compression;
using Bijectors.Data;
using Xunit;

namespace Bijectors.Tests.Data;

public sealed class NpzTests : FolderTest
{
    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void One_array_needs_no_key_and_several_do(CompressionLevel level)
    {
        WriteNpz("one.npz", level, "x");
        using var one = Datasets.Npz(At("one.npz"));
        Assert.Equal("one.npz#x: 4 + 1 + 1 items (1), continuous", one.ToString());
        Assert.Equal([1, 2, 3, 4, 5, 6], AllSorted(one));

        WriteNpz("two.npz", level, "x", "y");
        using var two = Datasets.Npz(At("two.npz"), "y");
        Assert.Equal([2, 4, 6, 8, 10, 12], AllSorted(two));
        Assert.Equal(
            "two.npz: expected one array, or a key to choose by, got x, y.",
            Message(() => Datasets.Npz(At("two.npz"))));
        Assert.Equal("two.npz: expected an array 'z', got x, y.", Message(() => Datasets.Npz(At("two.npz"), "z")));
    }

    [Fact]
    public void Another_file_and_an_empty_archive_are_refused()
    {
        Assert.Equal(
            "a.npz: expected a NumPy .npz archive (a zip file), got one that is damaged or another kind of file.",
            Message(() => Datasets.Npz(Write("a.npz", "hello"))));
        WriteNpz("none.npz", CompressionLevel.Fastest);
        Assert.Equal(
            "none.npz: expected one array, or a key to choose by, got no arrays.",
            Message(() => Datasets.Npz(At("none.npz"))));
        Assert.Equal(
            $"b.npz: expected the file '{At("b.npz")}', got none; check the path.",
            Message(() => Datasets.Npz(At("b.npz"))));
    }

    /// <summary>Arrays of 1 to 6, of twice that, and so on.</summary>
    private void WriteNpz(string name, CompressionLevel level, params string[] keys)
    {
        using var archive = ZipFile.Open(At(name), ZipArchiveMode.Create);
        for (var k = 0; k < keys.Length; k++)
        {
            using var stream = archive.CreateEntry($"{keys[k]}.npy", level).Open();
            var numbers = Enumerable.Range(1, 6).Select(i => (byte)(i * (k + 1)));
            stream.Write(NpyTests.Array("|u1", "False", "(6,)", [.. numbers]));
        }
    }
}
