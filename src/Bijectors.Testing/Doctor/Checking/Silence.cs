using System.Runtime.InteropServices;

namespace Bijectors.Testing.Doctor;

/// <summary>
/// While it lasts, nothing that native code prints is seen: where a factorization goes wrong, LAPACK prints a line for
/// each step to standard output, in the midst of what the program writes there.
/// </summary>
/// <remarks>.NET writes through a copy of the descriptor, which stays as it is. On Linux only.</remarks>
internal sealed class Silence : IDisposable
{
    private const string Library = "libc.so.6";
    private const int Output = 1;
    private const int WriteOnly = 1;

    private readonly int _kept = -1;

    /// <summary>Begins.</summary>
    public Silence()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad(Library, out _))
        {
            return;
        }

        var nothing = Open("/dev/null", WriteOnly);
        if (nothing < 0)
        {
            return;
        }

        // What was printed before is still held back, and is to be seen.
        _ = Flush(0);
        _kept = Duplicate(Output);
        _ = _kept < 0 ? 0 : Replace(nothing, Output);
        _ = Close(nothing);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_kept >= 0)
        {
            _ = Flush(0);
            _ = Replace(_kept, Output);
            _ = Close(_kept);
        }
    }

    [DllImport(Library, EntryPoint = "open")]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport(Library, EntryPoint = "dup")]
    private static extern int Duplicate(int descriptor);

    [DllImport(Library, EntryPoint = "dup2")]
    private static extern int Replace(int from, int to);

    [DllImport(Library, EntryPoint = "close")]
    private static extern int Close(int descriptor);

    [DllImport(Library, EntryPoint = "fflush")]
    private static extern int Flush(nint stream);
}
