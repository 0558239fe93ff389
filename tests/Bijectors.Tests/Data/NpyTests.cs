using System.Text;
using Bijectors.Data;
using Xunit;
using static TorchSharp.torch;

namespace Bijectors.Tests.Data;

public sealed class NpyTests : FolderTest
{
    public static TheoryData<string, byte[]> Numbers => new()
    {
        { "<f4", Bytes([1f, 2, 3, 4, 5, 6], BitConverter.GetBytes) },
        { "<f8", Bytes([1.0, 2, 3, 4, 5, 6], BitConverter.GetBytes) },
        { "|u1", [1, 2, 3, 4, 5, 6] },
        { "<i4", Bytes([1, 2, 3, 4, 5, 6], BitConverter.GetBytes) },
        { "<i8", Bytes([1L, 2, 3, 4, 5, 6], BitConverter.GetBytes) },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Every_dtype_is_read_in_both_orders_and_all_versions(string dtype, byte[] numbers)
    {
        for (byte version = 1; version <= 3; version++)
        {
            var c = Npy.Read(Write("c.npy", Array(dtype, "False", "(3, 2)", numbers, version)));
            Assert.Equal([3L, 2], c.shape);
            Assert.Equal([1, 2, 3, 4, 5, 6], Values(c.to(ScalarType.Float32)));
            var fortran = Npy.Read(Write("f.npy", Array(dtype, "True", "(3, 2)", numbers, version)));
            Assert.Equal([3L, 2], fortran.shape);
            Assert.Equal([1, 4, 2, 5, 3, 6], Values(fortran.to(ScalarType.Float32)));
            Assert.Equal(c.dtype, fortran.dtype);
        }
    }

    [Fact]
    public void Fortran_order_holds_for_three_dimensions()
    {
        byte[] numbers = [.. Enumerable.Range(0, 24).Select(i => (byte)i)];
        var array = Npy.Read(Write("f.npy", Array("|u1", "True", "(2, 3, 4)", numbers)));

        // Element (i, j, k) stands at i + 2 (j + 3 k).
        Assert.Equal(1 + (2 * (2 + (3 * 3))), array[1, 2, 3].item<byte>());
        Assert.Equal(2 * 3 * 2, array[0, 0, 2].item<byte>());
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int64)]
    public void What_is_written_is_read_back(ScalarType dtype)
    {
        foreach (var shape in new long[][] { [], [0], [7], [3, 5], [2, 3, 4, 5] })
        {
            using var generator = new Generator(0);
            var written = randint(0, 200, shape, generator: generator).to(dtype);
            Npy.Write(At("a.npy"), written);
            Assert.True(Npy.Read(At("a.npy")).Equals(written));

            // NumPy aligns the numbers to 64 bytes and ends its header in a line feed.
            var content = File.ReadAllBytes(At("a.npy"));
            var start = content.Length - (written.numel() * written.element_size());
            Assert.Equal(0, start % 64);
            Assert.Equal((byte)'\n', content[start - 1]);
        }

        Assert.Single(Directory.GetFiles(Folder));
    }

    [Fact]
    public void A_view_is_written_in_its_own_order_and_without_its_gradient()
    {
        var matrix = arange(6, ScalarType.Float32).reshape(2, 3).requires_grad_();
        Npy.Write(At("a.npy"), matrix.t());
        Assert.Equal([0, 3, 1, 4, 2, 5], Values(Npy.Read(At("a.npy"))));
    }

    [Fact]
    public void Vectors_scalars_and_images_become_items()
    {
        Npy.Write(At("vectors.npy"), arange(60, ScalarType.Float64).reshape(30, 2));
        using var vectors = Datasets.Npy(At("vectors.npy"), seed: 2);
        Assert.Equal("vectors.npy: 24 + 3 + 3 items (2), continuous", vectors.ToString());
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (float)i), AllSorted(vectors));
        Npy.Write(At("scalars.npy"), arange(30, ScalarType.Float32));
        using var scalars = Datasets.Npy(At("scalars.npy"));
        Assert.Equal([1L], scalars.ItemShape);
        Npy.Write(At("images.npy"), full([10, 3, 4, 5], 255, dtype: ScalarType.Byte));
        using var images = Datasets.Npy(At("images.npy"));
        Assert.Equal("images.npy: 8 + 1 + 1 items (3, 4, 5), 256 levels", images.ToString());
        Npy.Write(At("reals.npy"), ones(10, 3, 4, 5));
        using var reals = Datasets.Npy(At("reals.npy"));
        Assert.Null(reals.Levels);
        Npy.Write(At("cube.npy"), zeros(10, 3, 4));
        Assert.Equal(
            "cube.npy: expected vectors (N, d) or images (N, channels, height, width), got (10, 3, 4); "
            + "reshape the array.",
            Message(() => Datasets.Npy(At("cube.npy"))));
        Npy.Write(At("nan.npy"), full([10, 3], double.NaN));
        Assert.Equal(
            "nan.npy: expected finite values, got NaN or infinity in item 0; drop it or fill it in.",
            Message(() => Datasets.Npy(At("nan.npy"))));
    }

    [Fact]
    public void A_damaged_file_is_named()
    {
        var whole = Array("<f4", "False", "(3, 2)", new byte[24]);
        Assert.Equal(
            "a.npy: expected 24 bytes after the header for Float32 (3, 2), got 23; "
            + "the file is damaged.",
            Message(() => Npy.Read(Write("a.npy", whole[..^1]))));
        Assert.Equal(
            "a.npy: expected 24 bytes after the header for Float32 (3, 2), got 25; "
            + "the file is damaged.",
            Message(() => Npy.Read(Write("a.npy", [.. whole, 0]))));
        Assert.Equal(
            "a.npy: expected the header of a NumPy array, got the end of the file; it is cut short.",
            Message(() => Npy.Read(Write("a.npy", whole[..20]))));
        Assert.Equal(
            "a.npy: expected a NumPy array (first bytes 93 NUMPY), got first bytes 50617271756A; "
            + "the file is of another kind.",
            Message(() => Npy.Read(Write("a.npy", "Parquj and more"))));
        whole[6] = 4;
        Assert.Equal(
            "a.npy: expected format version 1, 2 or 3, got 4.",
            Message(() => Npy.Read(Write("a.npy", whole))));
        Assert.Equal(
            $"a.npy: expected the file '{At("b/a.npy")}', got none; check the path.",
            Message(() => Npy.Read(At("b/a.npy"))));
    }

    [Theory]
    [InlineData(">f4", "(2,)")]
    [InlineData("<f2", "(2,)")]
    public void Another_dtype_is_refused(string dtype, string shape)
        => Assert.StartsWith(
            $"a.npy: expected dtype <f4, <f8, |u1, <i4, <i8, got {{'descr': '{dtype}'",
            Message(() => Npy.Read(Write("a.npy", Array(dtype, "False", shape, new byte[8])))));

    [Fact]
    public void Odd_headers_and_tensors_are_refused()
    {
        Assert.StartsWith(
            "a.npy: expected sizes in the shape, got (2, -1).",
            Message(() => Npy.Read(Write("a.npy", Array("<f4", "False", "(2, -1)", new byte[8])))));
        Assert.StartsWith(
            "a.npy: expected a header with descr, fortran_order and shape, got {",
            Message(() => Npy.Read(Write("a.npy", Array("<f4", "Maybe", "(2,)", new byte[8])))));
        Assert.Equal(
            "Npy: expected a tensor of Float32, Float64, Byte, Int32 or Int64, got Bool; convert it.",
            Message(() => Npy.Write(At("a.npy"), zeros(2, dtype: ScalarType.Bool))));
        Assert.StartsWith("Npy: expected to write", Message(() => Npy.Write(At("none/a.npy"), zeros(2))));
    }

    /// <summary>The bytes of an .npy file, written here independently of the product's writer.</summary>
    internal static byte[] Array(string dtype, string fortran, string shape, byte[] numbers, byte version = 1)
    {
        var header = $"{{'descr': '{dtype}', 'fortran_order': {fortran}, 'shape': {shape}, }}    \n";
        var text = Encoding.ASCII.GetBytes(header);
        var length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. numbers];
    }

    private static byte[] Bytes<T>(T[] values, Func<T, byte[]> bytes) => [.. values.SelectMany(bytes)];
}
