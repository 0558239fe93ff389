using System.Buffers.Binary;

namespace Bijectors.Data;

/// <summary>The stream of messages of an Arrow file.</summary>
internal static class ArrowContent
{
    private static ReadOnlySpan<byte> Magic => "ARROW1"u8;

    /// <summary>
    /// What lies between the ends of a file, or all of a stream. A file holds the messages of a stream one after
    /// another, so both are read in the same way, and the places that a footer names need not be trusted.
    /// </summary>
    /// <exception cref="DataException">It is cut short, or of Feather's first version.</exception>
    public static ReadOnlyMemory<byte> Read(string whose, Stream stream)
    {
        if (stream.Length > Array.MaxLength)
        {
            throw new DataException(
                whose, $"an Arrow file of at most {Array.MaxLength} bytes", $"{stream.Length}", "read it in parts");
        }

        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        if (content.AsSpan().StartsWith("FEA1"u8))
        {
            throw new DataException(
                whose, "a Feather file of version 2, that is an Arrow file", "one of version 1", "write it again");
        }

        const int Head = 8;
        const int Length = sizeof(int);
        if (!content.AsSpan().StartsWith(Magic))
        {
            return content;
        }

        var footerEnd = content.Length - Magic.Length - Length;
        if (footerEnd < Head || !content.AsSpan().EndsWith(Magic))
        {
            throw new DataException(whose, "a whole Arrow file", "one that is cut short", "fetch it again");
        }

        var footer = BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(footerEnd));
        return footer >= 0 && footer <= footerEnd - Head
            ? content.AsMemory(Head, footerEnd - footer - Head)
            : throw new DataException(whose, "a whole Arrow file", "one without its footer", "fetch it again");
    }
}
