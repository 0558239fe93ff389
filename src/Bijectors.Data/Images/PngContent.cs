using System.Buffers.Binary;

namespace Bijectors.Data;

/// <summary>
/// The bytes of a PNG file, looked through before a decoder sees them: its size is within a limit, and it is a sequence
/// of chunks (length, name, content, CRC-32) from IHDR to IEND with nothing behind.
/// </summary>
/// <remarks>Source: W3C, Portable Network Graphics (PNG) Specification, sections 5.3 and 11.2.2.</remarks>
internal static class PngContent
{
    /// <summary>The most pixels of one image: 4096 x 4096.</summary>
    public const long MostPixels = 1 << 24;

    private const long LargestFile = 256 << 20;
    private const int HeaderAt = 8;
    private const int HeaderBytes = 13;
    private const int Around = 12;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] Read(string whose, Stream file)
    {
        if (file.Length > LargestFile)
        {
            throw new DataException(
                whose, $"a PNG image of at most {LargestFile} bytes", $"{file.Length} bytes", "scale it down");
        }

        var content = new byte[file.Length];
        file.ReadExactly(content);
        if (!content.AsSpan().StartsWith(Signature))
        {
            throw new DataException(whose, "a PNG image", "another kind of file");
        }

        CheckChunks(whose, content);
        CheckHeader(whose, content.AsSpan(HeaderAt + 8, HeaderBytes));
        return content;
    }

    private static void CheckChunks(string whose, ReadOnlySpan<byte> content)
    {
        var (at, end) = (HeaderAt, false);
        for (var first = true; at < content.Length && !end; first = false)
        {
            var rest = content[at..];
            var length = rest.Length < Around ? uint.MaxValue : BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - Around)
            {
                throw Damaged(whose, "a chunk that ends beyond the file");
            }

            var named = rest.Slice(4, 4 + (int)length);
            if (first && !(named.StartsWith("IHDR"u8) && length == HeaderBytes))
            {
                throw Damaged(whose, "another first chunk than IHDR");
            }

            if (Checksum.Of(named) != BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + (int)length)..]))
            {
                throw Damaged(whose, $"a chunk at byte {at} with another checksum than its own");
            }

            end = named.StartsWith("IEND"u8);
            at += Around + (int)length;
        }

        if (!end || at < content.Length)
        {
            throw Damaged(whose, end ? $"{content.Length - at} bytes behind its end" : "one without an end");
        }
    }

    private static void CheckHeader(string whose, ReadOnlySpan<byte> header)
    {
        var width = BinaryPrimitives.ReadUInt32BigEndian(header);
        var height = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        var bits = header[8];
        if (width == 0 || height == 0 || (ulong)width * height > MostPixels)
        {
            throw new DataException(whose, $"1 to {MostPixels} pixels", $"{width} x {height}", "scale the image down");
        }

        if (bits > 8)
        {
            throw new DataException(whose, "8 bits a channel", $"{bits}", "convert the image");
        }
    }

    private static DataException Damaged(string whose, string got) =>
        new(whose, "a whole PNG image", got, "the file is cut short or damaged");
}
