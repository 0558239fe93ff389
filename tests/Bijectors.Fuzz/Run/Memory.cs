using System.Globalization;

namespace Bijectors.Fuzz;

/// <summary>How much memory this process holds at most from one moment on; nothing where the system does not
/// say.</summary>
internal sealed class Memory
{
    private const string Status = "/proc/self/status";
    private readonly long _before;

    public Memory()
    {
        if (!File.Exists(Status))
        {
            return;
        }

        // The peak starts anew.
        File.WriteAllText("/proc/self/clear_refs", "5");
        _before = Read("VmRSS");
    }

    /// <summary>By how many bytes the peak lies above what was held at the beginning.</summary>
    public long Growth => File.Exists(Status) ? Math.Max(0, Read("VmHWM") - _before) : 0;

    private static long Read(string name)
    {
        var line = File.ReadLines(Status).First(line => line.StartsWith(name, StringComparison.Ordinal));
        var kibibytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return 1024 * long.Parse(kibibytes, CultureInfo.InvariantCulture);
    }
}
