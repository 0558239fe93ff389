using System.Runtime.InteropServices;

namespace Bijectors.Files;

/// <summary>What is said to the system about folders, for which .NET has no call.</summary>
internal static class Disk
{
    private const int ReadOnly = 0;

    /// <summary>
    /// Brings a folder to the disk, so that a rename in it outlives a loss of power. Does nothing on Windows, and where
    /// the file system does not do it.
    /// </summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = Open(folder, ReadOnly);
        if (handle >= 0)
        {
            Flush(handle);
            Close(handle);
        }
    }

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    private static extern int Flush(int handle);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int handle);
}
