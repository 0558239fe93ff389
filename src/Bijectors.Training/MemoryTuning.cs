using System.Runtime.InteropServices;

namespace Bijectors.Training;

/// <summary>
/// Settings of the C library and of OpenMP for a whole process, for an application to choose before its first tensor.
/// Only where there is glibc; nothing but speed and memory depends on them, and no library code makes them on its own.
/// A process should choose one of them.
/// </summary>
public static class MemoryTuning
{
    private const string Library = "libc.so.6";
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;

    /// <summary>
    /// Keeps large freed blocks for the next training step, and lets threads that wait for long sleep.
    /// </summary>
    public static void ForSpeed()
    {
        if (!HasMallopt())
        {
            return;
        }

        // Large freed blocks are kept for the next step. Given back to the system each time, as by default, they make
        // convolutional flows up to half again slower.
        SetAllocatorOption(TrimThreshold, int.MaxValue);
        SetAllocatorOption(MmapThreshold, 32 << 20);

        // Threads that wait for one another sleep after some tens of microseconds. Spinning on, as by default, they
        // hold the processor that the one they wait for needs, and on a machine with other work training becomes many
        // times slower; asleep at once, they take longer to wake than a small layer takes.
        SetVariable("GOMP_SPINCOUNT", "20000", overwrite: 0);
    }

    /// <summary>
    /// Gives every freed block of 1 MiB or more back to the system at once. Without it the process keeps several times
    /// what reversible training needs, since the blocks it frees are too scattered to be given back; with it a step
    /// takes about a third more time.
    /// </summary>
    public static void ForSmallFootprint()
    {
        if (HasMallopt())
        {
            SetAllocatorOption(MmapThreshold, 1 << 20);
        }
    }

    private static bool HasMallopt() =>
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad(Library, out var libc)
        && NativeLibrary.TryGetExport(libc, "mallopt", out _);

    [DllImport(Library, EntryPoint = "mallopt")]
    private static extern int SetAllocatorOption(int option, int value);

    // Environment.SetEnvironmentVariable would not reach native code.
    [DllImport(Library, EntryPoint = "setenv", CharSet = CharSet.Ansi)]
    private static extern int SetVariable(string name, string value, int overwrite);
}
