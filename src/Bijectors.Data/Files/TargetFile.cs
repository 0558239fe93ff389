using Bijectors.Files;

namespace Bijectors.Data;

/// <summary>Writes a file of the user's as <see cref="WholeFile"/> does.</summary>
internal static class TargetFile
{
    /// <exception cref="DataException">The file cannot be written; the old one is as it was.</exception>
    public static void Write(string whose, string path, Action<Stream> write)
    {
        try
        {
            WholeFile.Write(path, write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException(whose, $"to write '{path}'", exception.Message.TrimEnd('.'), inner: exception);
        }
    }
}
