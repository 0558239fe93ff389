namespace Bijectors.Data;

/// <summary>Writes a file aside and renames it when it is whole, so that nobody ever sees half a file.</summary>
internal static class TargetFile
{
    public static void Write(string whose, string path, Action<Stream> write)
    {
        var target = Path.GetFullPath(path);
        var aside = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(aside, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
            }

            File.Move(aside, target, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException(whose, $"to write '{path}'", exception.Message.TrimEnd('.'), inner: exception);
        }
        finally
        {
            if (File.Exists(aside))
            {
                File.Delete(aside);
            }
        }
    }
}
