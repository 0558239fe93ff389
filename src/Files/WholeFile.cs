namespace Bijectors.Files;

/// <summary>
/// Writes files aside and renames them when they are whole and on the disk, so that a path leads to the old file or to
/// the new one, whatever happens in between. The one way in which this library writes files.
/// </summary>
internal static class WholeFile
{
    private const int Attempts = 5;

    /// <summary>
    /// Writes a file. Where there is one, it is replaced and its mode kept; where the path is a link, what it leads to.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content; it may be asked again.</param>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var target = PlainFile.Target(path);
        PlainFile.CheckReplaceable(target);
        var written = false;
        for (var attempt = 1; !written; attempt++)
        {
            AsideFile.RemoveLeftovers(target);
            written = TryWrite(target, write, last: attempt == Attempts);
        }

        Disk.FlushFolder(Path.GetDirectoryName(target)!);
    }

    private static bool TryWrite(string target, Action<Stream> write, bool last)
    {
        var aside = AsideFile.NameFor(target);
        try
        {
            // Renamed while it is open: an open file is locked, which tells it from what a killed process has left.
            using var stream = AsideFile.Create(aside, target);
            write(stream);
            stream.Flush(flushToDisk: true);
            File.Move(aside, target, overwrite: true);
            return true;
        }
        catch (FileNotFoundException) when (!last && !File.Exists(aside))
        {
            // Where the file system has no locks, another process may have taken it for a leftover.
            return false;
        }
        finally
        {
            File.Delete(aside);
        }
    }
}
