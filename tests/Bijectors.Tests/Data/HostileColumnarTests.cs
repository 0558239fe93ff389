using System.Buffers.Binary;
using Bijectors.Data;
using Xunit;

namespace Bijectors.Tests.Data;

/// <summary>Parquet and Arrow files of which one place was changed, and footers that ask for too much.</summary>
public sealed class HostileColumnarTests : FolderTest
{
    private static Table Small => new(
        new TableSeries("x", [1, double.NaN, 3, 4]), new TableSeries("c", ["a", null, "b", "a"]));

    [Theory]
    [InlineData("a.parquet", 0xFF)]
    [InlineData("a.parquet", 0x00)]
    [InlineData("a.parquet", 0x7F)]
    [InlineData("a.arrow", 0xFF)]
    [InlineData("a.arrow", 0x00)]
    [InlineData("a.arrow", 0x7F)]
    public void Whichever_byte_is_changed_a_file_is_read_or_refused(string name, byte value)
    {
        var good = Bytes(name);
        var refused = 0;
        for (var place = 0; place < good.Length; place++)
        {
            var bytes = good.ToArray();
            bytes[place] = value;
            refused += IsRefused(name, bytes) ? 1 : 0;
        }

        Assert.InRange(refused, good.Length / 20, good.Length);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    [InlineData(1 << 28)]
    public void Whichever_size_of_an_Arrow_file_is_changed_it_is_read_or_refused(int size)
    {
        var good = Bytes("a.arrow");
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var place = 0; place + sizeof(int) <= good.Length; place += sizeof(int))
        {
            var bytes = good.ToArray();
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(place), size);
            IsRefused("a.arrow", bytes);
        }

        // No place makes anybody ask for a quarter of a gigabyte.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 1L << 28);
    }

    [Theory]
    [InlineData("1580")]                            // a number that does not end
    [InlineData("29FCFFFFFFFF07")]                  // two billion columns
    [InlineData("68FFFFFFFF07")]                    // a text of two gigabytes
    [InlineData("B919191919191919191919191919191919191919191919191919191919191919191919191919191919")]
    [InlineData("BC0000")]                          // a struct that nobody knows
    public void A_footer_is_read_within_its_bounds(string footer)
    {
        var content = Convert.FromHexString(footer);
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        Write("a.parquet", [.. "PAR1"u8, .. content, .. length, .. "PAR1"u8]);
        Assert.Equal(
            "a.parquet: expected a Parquet file that can be read, got one that cannot; it is damaged, or written in a "
            + "way that is not known here.",
            Message(() => Table.ReadParquet(At("a.parquet"))));
    }

    [Fact]
    public void A_file_that_is_encrypted_is_told_apart()
    {
        Write("a.parquet", [.. "PARE"u8, .. new byte[20], .. "PARE"u8]);
        Assert.Contains("one that is encrypted; decrypt it", Message(() => Table.ReadParquet(At("a.parquet"))));
    }

    private byte[] Bytes(string name)
    {
        WriteSmall(name);
        return File.ReadAllBytes(At(name));
    }

    private void WriteSmall(string name)
    {
        if (name.EndsWith(".parquet", StringComparison.Ordinal))
        {
            Small.WriteParquet(At(name));
        }
        else
        {
            Small.WriteArrow(At(name));
        }
    }

    /// <summary>Any other exception than a refusal goes through.</summary>
    private bool IsRefused(string name, byte[] bytes)
    {
        Write(name, bytes);
        try
        {
            using var table = TableFile.Read(At(name), missing: ["x", "c"]);
            return false;
        }
        catch (DataException)
        {
            return true;
        }
    }
}
