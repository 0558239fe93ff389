namespace Bijectors.Files;

/// <summary>
/// A file that lies on a disk: it has a length, reading it ends, and opening it does not wait for anybody.
/// </summary>
internal static class PlainFile
{
    /// <summary>Opens a file to read.</summary>
    /// <param name="path">The file, or a link to it.</param>
    /// <exception cref="IOException">It is missing, empty, or no plain file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream OpenRead(string path)
    {
        var target = Target(path);

        // Asked before it is opened: to open a pipe waits for whoever writes into it. Pipes and devices have the
        // length 0.
        return new FileInfo(target).Length > 0
            ? new FileStream(target, FileMode.Open, FileAccess.Read, FileShare.Read)
            : throw new IOException("an empty file, a pipe or a device");
    }

    /// <summary>Stops where a file is there already and may not be replaced.</summary>
    /// <param name="target">The file, no link.</param>
    /// <exception cref="IOException">It is no plain file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written to.</exception>
    public static void CheckReplaceable(string target)
    {
        var existing = new FileInfo(target);
        if (!existing.Exists)
        {
            return;
        }

        // Both directions: a pipe opened for writing alone waits for a reader.
        var empty = existing.Length == 0;
        var access = empty ? FileAccess.ReadWrite : FileAccess.Write;
        using var stream = new FileStream(target, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);
        if (empty)
        {
            CheckTruncates(stream);
        }
    }

    /// <summary>Where a path leads: the file at the end of its links, there or not.</summary>
    /// <exception cref="IOException">The links lead in a circle.</exception>
    public static string Target(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    /// <summary>What has no content that could be cut off is a pipe or a device.</summary>
    private static void CheckTruncates(FileStream stream)
    {
        try
        {
            stream.SetLength(0);
        }
        catch (Exception exception) when (exception is IOException or NotSupportedException)
        {
            throw new IOException("a pipe or a device", exception);
        }
    }
}
