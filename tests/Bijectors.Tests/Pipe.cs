using System.Runtime.InteropServices;

namespace Bijectors.Tests;

/// <summary>Named pipes, which look like files: opening one waits until somebody opens its other end.</summary>
internal static class Pipe
{
    private const uint OwnersOnly = 0b110_000_000;

    public static void Make(string path) => Assert.Equal(0, MakeFifo(path, OwnersOnly));

    [DllImport("libc", EntryPoint = "mkfifo")]
    private static extern int MakeFifo([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);
}
