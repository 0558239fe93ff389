using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Bijectors.Data;
using Xunit;

namespace Bijectors.Tests.Data;

/// <summary>Files that claim sizes which they do not have, or hold other bytes than were written.</summary>
public sealed class HostileFileTests : FolderTest
{
    private static readonly byte[] Rows = [.. Enumerable.Range(0, 40).Select(i => (byte)i)];

    [Theory]
    [InlineData(65536, 16385)]
    [InlineData(4294967295, 4294967295)]
    [InlineData(16777217, 1)]
    [InlineData(0, 5)]
    public void An_image_of_more_pixels_than_the_limit_never_reaches_the_decoder(uint width, uint height)
    {
        Write("a.png", Png(Header(width, height)));
        Assert.Equal(
            $"a.png: expected 1 to 16777216 pixels, got {width} x {height}; scale the image down.",
            Message(() => Datasets.PngFolder(Folder)));
    }

    [Fact]
    public void An_image_is_its_chunks_from_first_to_last()
    {
        var good = Png(Header(2, 1));
        Assert.Contains("got 3 bytes behind its end", PngMessage([.. good, 1, 2, 3]));
        Assert.Contains("got one without an end", PngMessage(good[..^12]));
        Assert.Contains("got a chunk that ends beyond the file", PngMessage(good[..^1]));
        Assert.Contains(
            "got another first chunk than IHDR", PngMessage([.. good[..8], .. Chunk("tEXt", [1]), .. good[8..]]));
        good[50] ^= 1;
        Assert.Contains("with another checksum than its own", PngMessage(good));
    }

    [Fact]
    public void An_archive_that_claims_more_than_it_may_hold_is_not_unpacked()
    {
        WriteClaim("a.npz", 1_000_000);
        Assert.Contains("got fewer; the file is cut short", Message(() => Datasets.Npz(At("a.npz"))));
        WriteClaim("a.npz", 2_000_000_000);
        Assert.Equal(
            "a.npz#x: expected at most 268435456 bytes of unpacked content, got more; "
            + "unpack the file yourself, if you trust it.",
            Message(() => Datasets.Npz(At("a.npz"))));
    }

    [Fact]
    public void An_archive_with_a_changed_byte_is_refused()
    {
        WriteNpz("a.npz", NpyTests.Array("|u1", "False", "(20, 2)", Rows));
        Datasets.Npz(At("a.npz")).Dispose();
        var bytes = File.ReadAllBytes(At("a.npz"));
        bytes[bytes.AsSpan().IndexOf(Rows) + 5] ^= 1;
        Write("a.npz", bytes);
        Assert.Contains("expected content with the checksum", Message(() => Datasets.Npz(At("a.npz"))));
    }

    [Fact]
    public void An_archive_with_an_array_twice_is_refused()
    {
        using (var archive = ZipFile.Open(At("a.npz"), ZipArchiveMode.Create))
        {
            archive.CreateEntry("x.npy");
            archive.CreateEntry("x.npy");
        }

        Assert.Equal(
            "a.npz: expected each array once, got x, x; write the archive again.",
            Message(() => Datasets.Npz(At("a.npz"))));
    }

    [Theory]
    [InlineData("(4611686018427387904, 4611686018427387904, 0)")]
    [InlineData("(0, 9223372036854775807)")]
    [InlineData("(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)")]
    public void Sizes_that_no_array_has_are_refused(string shape) => Assert.Contains(
        "expected sizes of at most 32 dimensions whose product fits a file",
        Message(() => Npy.Read(Write("a.npy", NpyTests.Array("<f4", "False", shape, [])))));

    [Fact]
    public void A_packed_table_is_read_whole_or_not_at_all()
    {
        var text = string.Concat(Enumerable.Range(0, 300).Select(i => $"{i},{i * i % 97}\n"));
        var good = Pack(text);
        Datasets.Csv(Write("a.csv.gz", good)).Dispose();
        Datasets.Csv(Write("a.csv.gz", [.. good, .. Pack("1,2\n")])).Dispose();
        Datasets.Csv(Write("a.csv.gz", [.. good, .. Pack("")])).Dispose();
        var changed = good.ToArray();
        changed[^6] ^= 1;
        byte[][] damaged =
        [
            good[..^1], good[..^8], good[..(good.Length / 2)], [.. good, 1, 2], [.. good, .. new byte[64]], changed,
        ];
        foreach (var bad in damaged)
        {
            Assert.Contains("expected a whole gzip file", Message(() => Datasets.Csv(Write("a.csv.gz", bad))));
        }
    }

    [Fact]
    public void Unpacking_ends_at_the_limit()
    {
        using var zeros = new MemoryStream(Pack(new string('0', 100_000)));
        Assert.Equal(
            "a: expected at most 99999 bytes of unpacked content, got more; unpack the file yourself, if you trust it.",
            Message(() => SourceFile.Unpack("a", zeros, most: 99_999)));
        Assert.Equal((256L << 20, 32L << 30), (PackedFile.MostUnpacked(1_500_000), PackedFile.MostUnpacked(1 << 30)));
    }

    [Fact]
    public void Pipes_and_empty_files_are_refused_without_waiting_for_them()
    {
        Pipe.Make(At("a.csv"));
        Assert.Equal(
            $"a.csv: expected to read '{At("a.csv")}', got an empty file, a pipe or a device.",
            Message(() => Datasets.Csv(At("a.csv"))));
        Assert.EndsWith("got an empty file, a pipe or a device.", Message(() => Npy.Read(Write("b.npy", []))));
        File.CreateSymbolicLink(At("c.npy"), At("a.csv"));
        Assert.EndsWith("got an empty file, a pipe or a device.", Message(() => Npy.Read(At("c.npy"))));
    }

    [Fact]
    public void A_cell_of_megabytes_is_quoted_in_part()
    {
        Write("a.csv", new string('x', 1_000_000) + ",1\n2,3\n");
        Assert.InRange(Message(() => Datasets.Csv(At("a.csv"))).Length, 500, 1_000);
    }

    private string PngMessage(byte[] content)
    {
        Write("a.png", content);
        return Message(() => Datasets.PngFolder(Folder));
    }

    private void WriteNpz(string name, byte[] array)
    {
        File.Delete(At(name));
        using var archive = ZipFile.Open(At(name), ZipArchiveMode.Create);
        using var stream = archive.CreateEntry("x.npy", CompressionLevel.NoCompression).Open();
        stream.Write(array);
    }

    /// <summary>An archive whose directory and header claim so many bytes, of which a hundred are there.</summary>
    private void WriteClaim(string name, uint count)
    {
        const int SizeAt = 24;
        var array = NpyTests.Array("|u1", "False", $"({count},)", new byte[100]);
        WriteNpz(name, array);
        var bytes = File.ReadAllBytes(At(name));
        var directory = bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(directory + SizeAt), (uint)array.Length - 100 + count);
        Write(name, bytes);
    }

    private static byte[] Header(uint width, uint height)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(header, width);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), height);
        header[8] = 1;
        return header;
    }

    private static byte[] Png(byte[] header)
        =>
        [
            0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10,
            .. Chunk("IHDR", header), .. Chunk("IDAT", new byte[20]), .. Chunk("IEND", []),
        ];

    private static byte[] Chunk(string name, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. content];
        var (length, checksum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Checksum.Of(named));
        return [.. length, .. named, .. checksum];
    }

    private static byte[] Pack(string text)
    {
        var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            stream.Write(Encoding.ASCII.GetBytes(text));
        }

        return packed.ToArray();
    }
}
