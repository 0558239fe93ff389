namespace Bijectors.Threads;

/// <summary>What a process holds at one time.</summary>
/// <param name="Tensors">The number of tensors that nobody has disposed.</param>
/// <param name="Managed">The bytes of the collector's heap, after a collection.</param>
/// <param name="Resident">The bytes of the process in memory.</param>
internal sealed record MemoryReading(long Tensors, long Managed, long Resident);
