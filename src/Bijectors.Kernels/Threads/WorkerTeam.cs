using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Bijectors.Kernels;

/// <summary>
/// The threads of torch's own operations, lent to the kernels: a second team would fight with the first for the cores,
/// since the threads of either look out for work for a while before they sleep. On a platform whose torch does not use
/// GNU's OpenMP they are those of the process-wide pool.
/// </summary>
internal static unsafe class WorkerTeam
{
    private static readonly delegate* unmanaged<delegate* unmanaged<nint, void>, nint, uint, uint, void> s_parallel =
        Find();

    /// <summary>
    /// Calls <paramref name="work"/> for the numbers 0 to <paramref name="count"/> (excluded), in any order.
    /// </summary>
    public static void Run(long count, int threads, Action<long> work)
    {
        if (s_parallel is null)
        {
            RunOnPool(count, threads, work);
            return;
        }

        var job = new Job(count, work);
        var handle = GCHandle.Alloc(job);
        s_parallel(&TakePart, GCHandle.ToIntPtr(handle), (uint)threads, 0);
        handle.Free();
        job.Throw();
    }

    /// <summary>The same by the threads of the process-wide pool.</summary>
    public static void RunOnPool(long count, int threads, Action<long> work)
    {
        var job = new Job(count, work);
        System.Threading.Tasks.Parallel.For(
            0, threads, new() { MaxDegreeOfParallelism = threads }, _ => job.TakePart());
        job.Throw();
    }

    // A library that is loaded is found by its name, and a symbol of what it was linked with by its handle.
    private static delegate* unmanaged<delegate* unmanaged<nint, void>, nint, uint, uint, void> Find() =>
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libtorch_cpu.so", out var torch)
        && NativeLibrary.TryGetExport(torch, "GOMP_parallel", out var parallel)
            ? (delegate* unmanaged<delegate* unmanaged<nint, void>, nint, uint, uint, void>)parallel
            : null;

    [UnmanagedCallersOnly]
    private static void TakePart(nint job) => ((Job)GCHandle.FromIntPtr(job).Target!).TakePart();

    /// <summary>Numbers to be worked off.</summary>
    private sealed class Job(long count, Action<long> work)
    {
        private long _next = -1;
        private Exception? _failure;

        public void TakePart()
        {
            try
            {
                for (var i = Interlocked.Increment(ref _next); i < count; i = Interlocked.Increment(ref _next))
                {
                    work(i);
                }
            }
            catch (Exception e)
            {
                // An exception must not reach the native frames below.
                _failure = e;
            }
        }

        public void Throw()
        {
            if (_failure is not null)
            {
                ExceptionDispatchInfo.Throw(_failure);
            }
        }
    }
}
