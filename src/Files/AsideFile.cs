namespace Bijectors.Files;

/// <summary>Files in the making: <c>NAME.32-HEX-DIGITS.tmp</c> beside the file that they will become.</summary>
internal static class AsideFile
{
    private const string Extension = ".tmp";
    private const int Digits = 32;

    // A file is there a moment before it is locked: what is younger than this may be in that moment.
    private static readonly TimeSpan s_young = TimeSpan.FromMinutes(1);

    /// <summary>A name that nobody has.</summary>
    public static string NameFor(string target) => $"{target}.{Guid.NewGuid():N}{Extension}";

    /// <summary>Makes the file, locked while it is open, with the mode of the one that it will replace.</summary>
    public static FileStream Create(string aside, string target)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Delete,
        };
        if (OperatingSystem.IsWindows() || !File.Exists(target))
        {
            return new FileStream(aside, options);
        }

        var mode = File.GetUnixFileMode(target);
        options.UnixCreateMode = mode;
        var stream = new FileStream(aside, options);

        // Again, because the process's mask has taken bits away.
        File.SetUnixFileMode(stream.SafeFileHandle, mode);
        return stream;
    }

    /// <summary>
    /// Deletes what killed processes have left beside a file. What is being written is locked, and stays; so does what
    /// was written to in the last minute.
    /// </summary>
    public static void RemoveLeftovers(string target)
    {
        var folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(folder, $"*{Extension}")
            .Where(file => IsAside(file, target) && !IsYoung(file)))
        {
            try
            {
                const FileOptions Delete = FileOptions.DeleteOnClose;
                new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, Delete).Dispose();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Somebody's who is writing it, or not ours.
            }
        }
    }

    // Where it is gone by now, the time is that of a file long ago, and opening it fails.
    private static bool IsYoung(string file) => DateTime.UtcNow - File.GetLastWriteTimeUtc(file) < s_young;

    private static bool IsAside(string file, string target)
    {
        var (name, prefix) = (Path.GetFileName(file), Path.GetFileName(target) + ".");
        return name.Length == prefix.Length + Digits + Extension.Length
            && name.StartsWith(prefix, StringComparison.Ordinal)
            && name.AsSpan(prefix.Length, Digits).IndexOfAnyExcept("0123456789abcdef") < 0;
    }
}
