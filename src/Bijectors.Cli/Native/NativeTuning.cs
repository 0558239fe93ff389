using System.Runtime.InteropServices;

namespace Bijectors.Cli;

/// <summary>
/// Settings of the C library and of OpenMP that suit training, to be made before torch is loaded. Only where there is
/// glibc; nothing but speed depends on them.
/// </summary>
internal static class NativeTuning
{
    private const string Library = "libc.so.6";
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;

    public static void Apply()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad(Library, out var libc)
            || !NativeLibrary.TryGetExport(libc, "mallopt", out _))
        {
            return;
        }

        // Large freed blocks are kept for the next step. Given back to the system each time, as by default, they make
        // convolutional flows up to half again slower.
        SetAllocatorOption(TrimThreshold, int.MaxValue);
        SetAllocatorOption(MmapThreshold, 32 << 20);

        // Threads that wait for one another sleep. Spinning, as by default, they hold the processor that the one they
        // wait for needs, and on a machine with other work training becomes many times slower.
        SetVariable("GOMP_SPINCOUNT", "0", overwrite: 0);
    }

    [DllImport(Library, EntryPoint = "mallopt")]
    private static extern int SetAllocatorOption(int option, int value);

    // Environment.SetEnvironmentVariable would not reach native code.
    [DllImport(Library, EntryPoint = "setenv", CharSet = CharSet.Ansi)]
    private static extern int SetVariable(string name, string value, int overwrite);
}
