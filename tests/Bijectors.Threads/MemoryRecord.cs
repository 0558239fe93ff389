using static TorchSharp.torch;

namespace Bijectors.Threads;

/// <summary>
/// What a process holds, round after round, and the rule of what counts as flat: behind the first third of the rounds,
/// which loads and compiles and lets the allocators find their size, tensors stay as many as they are, managed memory
/// within 1 MiB, and the resident set of the last third within 2% and 8 MiB of what the middle third had.
/// </summary>
internal sealed class MemoryRecord
{
    private const long ManagedSlack = 1 << 20;
    private const long ResidentSlack = 8 << 20;
    private const double ResidentShare = 0.02;

    private readonly List<MemoryReading> _readings = [];

    /// <summary>What was read so far.</summary>
    public IReadOnlyList<MemoryReading> Readings => _readings;

    /// <summary>Reads the memory of this process, in which nothing is under way.</summary>
    public void Read()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var heap = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        Add(new(Tensor.TotalCount, heap.HeapSizeBytes - heap.FragmentedBytes, Environment.WorkingSet));
    }

    public void Add(MemoryReading reading) => _readings.Add(reading);

    /// <summary>What grows, in one sentence for each; empty where all is flat.</summary>
    /// <exception cref="InvalidOperationException">There are fewer than three readings.</exception>
    public IReadOnlyList<string> Growth()
    {
        if (_readings.Count < 3)
        {
            throw new InvalidOperationException($"MemoryRecord: expected 3 readings or more, got {_readings.Count}.");
        }

        var third = _readings.Count / 3;
        var (middle, last) = (_readings[third..^third], _readings[^third..]);
        var (tensors, managed, resident) = (
            middle.Max(reading => reading.Tensors), middle.Max(reading => reading.Managed),
            middle.Max(reading => reading.Resident));
        var (tensorsNow, managedNow, residentNow) = (
            last.Max(reading => reading.Tensors), last.Max(reading => reading.Managed),
            last.Max(reading => reading.Resident));
        List<string> growth = [];
        if (tensorsNow > tensors)
        {
            growth.Add($"Tensors: expected at most {tensors} as before, got {tensorsNow}.");
        }

        if (managedNow > managed + ManagedSlack)
        {
            growth.Add($"Managed memory: expected at most {managed} bytes and 1 MiB, got {managedNow}.");
        }

        if (residentNow > (resident * (1 + ResidentShare)) + ResidentSlack)
        {
            growth.Add($"Resident set: expected at most {resident} bytes, 2% and 8 MiB, got {residentNow}.");
        }

        return growth;
    }
}
