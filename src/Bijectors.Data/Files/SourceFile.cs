using System.IO.Compression;
using Bijectors.Files;

namespace Bijectors.Data;

/// <summary>
/// Opens a file of the user's, unpacked if its name ends in <c>.gz</c>, as a stream that knows its length.
/// </summary>
internal static class SourceFile
{
    public static Stream Open(string whose, string path)
    {
        if (!File.Exists(path))
        {
            throw new DataException(whose, $"the file '{path}'", "none", "check the path");
        }

        try
        {
            var file = PlainFile.OpenRead(path);
            RawTensor.CheckRoom(whose, file.Length);
            return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? Unpack(whose, file) : file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException(whose, $"to read '{path}'", exception.Message.TrimEnd('.'), inner: exception);
        }
    }

    public static DataException NoFolder(string whose, string folder)
        => new(whose, $"the folder '{folder}'", "none", "check the path");

    /// <summary>
    /// The whole of a gzip stream; unpacked first, because only then its length is known and can be checked.
    /// </summary>
    /// <param name="whose">The file, for messages.</param>
    /// <param name="packed">The packed stream, which is disposed.</param>
    /// <param name="most">The most bytes to unpack; <see cref="PackedFile.MostUnpacked"/> if null.</param>
    public static MemoryStream Unpack(string whose, Stream packed, long? most = null)
    {
        using (packed)
        {
            var content = new MemoryStream();
            try
            {
                using var unpacking = new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true);
                Copy(whose, unpacking, content, most ?? PackedFile.MostUnpacked(packed.Length));
            }
            catch (InvalidDataException exception)
            {
                throw Damaged(whose, exception);
            }

            if (!PackedFile.EndsInTrailerOf(packed, content.GetBuffer().AsSpan(0, (int)content.Length)))
            {
                throw Damaged(whose);
            }

            content.Position = 0;
            return content;
        }
    }

    private static void Copy(string whose, Stream from, MemoryStream to, long most)
    {
        var buffer = new byte[1 << 16];
        for (int count; (count = from.Read(buffer)) > 0;)
        {
            if (to.Length + count > Math.Min(most, Array.MaxLength))
            {
                throw PackedFile.TooLarge(whose, Math.Min(most, Array.MaxLength));
            }

            to.Write(buffer, 0, count);
        }
    }

    private static DataException Damaged(string whose, Exception? inner = null) => new(
        whose,
        "a whole gzip file with the checksum of its content at the end",
        "one that is damaged, cut short or followed by something else",
        "fetch it again",
        inner);
}
