using System.Buffers.Binary;

namespace Bijectors.Data;

/// <summary>The ends of a Parquet file, looked at before the library is.</summary>
internal static class ParquetFooter
{
    private const int Magic = 4;

    /// <summary>Stops where a file does not begin and end as one, or announces a longer footer than it has.</summary>
    /// <exception cref="DataException">It does.</exception>
    public static void Check(string whose, Stream stream)
    {
        Span<byte> head = stackalloc byte[Magic];
        Span<byte> tail = stackalloc byte[2 * Magic];
        if (stream.Length < head.Length + tail.Length)
        {
            throw Damaged(whose);
        }

        stream.Position = 0;
        stream.ReadExactly(head);
        stream.Position = stream.Length - tail.Length;
        stream.ReadExactly(tail);
        stream.Position = 0;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (tail[Magic..].SequenceEqual("PARE"u8))
        {
            throw new DataException(whose, "a Parquet file in the clear", "one that is encrypted", "decrypt it");
        }

        if (!head.SequenceEqual("PAR1"u8) || !tail[Magic..].SequenceEqual("PAR1"u8)
            || length > stream.Length - head.Length - tail.Length)
        {
            throw Damaged(whose);
        }
    }

    /// <summary>Goes through the footer.</summary>
    /// <exception cref="Exception">It is damaged; of which type the exception is is up to chance.</exception>
    public static void Walk(Stream stream)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        stream.Position = stream.Length - (2 * Magic);
        stream.ReadExactly(length);
        var footer = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        stream.Position = stream.Length - (2 * Magic) - footer.Length;
        stream.ReadExactly(footer);
        new ThriftWalk(footer).Struct("FileMetaData");
    }

    private static DataException Damaged(string whose) => new(
        whose, "a whole Parquet file, from PAR1 to PAR1", "one that is cut short or another one", "fetch it again");
}
