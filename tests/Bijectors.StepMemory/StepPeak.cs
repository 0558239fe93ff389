using System.Globalization;
using TorchSharp;

namespace Bijectors.StepMemory;

/// <summary>The resident memory of this process around a training step, as Linux counts it.</summary>
internal static class StepPeak
{
    /// <summary>The memory before the first whole step, and the peak in it, in bytes.</summary>
    public static (long Before, long Peak) Of(Flow flow)
    {
        using var batch = DeepFlow.Batch();

        // Gradients have their memory from here on, and everything has been loaded.
        using var few = batch.narrow(0, 0, 2);
        DeepFlow.Step(flow, few);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Read("VmRSS");

        // Resets the peak.
        File.WriteAllText("/proc/self/clear_refs", "5");
        DeepFlow.Step(flow, batch);
        return (before, Read("VmHWM"));
    }

    private static long Read(string key) => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith(key + ":", StringComparison.Ordinal))
        .Select(line => long.Parse(
            line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10)
        .Single();
}
