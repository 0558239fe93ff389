using System.IO.Compression;

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
            var file = File.OpenRead(path);
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
    public static MemoryStream Unpack(string whose, Stream packed)
    {
        using (packed)
        {
            using var unpacking = new GZipStream(packed, CompressionMode.Decompress);
            var content = new MemoryStream();
            try
            {
                unpacking.CopyTo(content);
            }
            catch (InvalidDataException exception)
            {
                throw new DataException(
                    whose,
                    "a whole gzip file",
                    "one that is damaged or cut short",
                    "fetch it again",
                    inner: exception);
            }

            content.Position = 0;
            return content;
        }
    }
}
