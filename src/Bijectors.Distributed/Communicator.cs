using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Bijectors.Distributed;

/// <summary>
/// A number of processes, the ranks, that compute together: each calls the same operations in the same order, and an
/// operation ends when all have called it.
/// </summary>
/// <remarks>
/// <see cref="MpiJob"/> gives one to each process that <c>mpirun</c> has started, <see cref="LocalRanks"/> one to each
/// of several threads, and <see cref="Alone"/> is that of a single process. It is used by one thread at a time.
/// </remarks>
public abstract class Communicator : IDisposable
{
    /// <summary>A process by itself: every operation leaves its numbers as they are.</summary>
    public static Communicator Alone { get; } = new SingleRank();

    /// <summary>The number of this process, from 0.</summary>
    public abstract int Rank { get; }

    /// <summary>The number of processes.</summary>
    public abstract int Size { get; }

    /// <summary>True for the one that writes files and talks to a person.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>Puts the sum over all ranks in the place of each number.</summary>
    /// <param name="numbers">As many on each rank.</param>
    public void Sum(Span<float> numbers) => Sum(MemoryMarshal.AsBytes(numbers), NumberType.Float32);

    /// <inheritdoc cref="Sum(Span{float})"/>
    public void Sum(Span<double> numbers) => Sum(MemoryMarshal.AsBytes(numbers), NumberType.Float64);

    /// <summary>Puts the sum over all ranks in the place of each number.</summary>
    /// <param name="numbers">The memory of the numbers, as many on each rank.</param>
    /// <param name="type">What they are.</param>
    public unsafe void Sum(Span<byte> numbers, NumberType type)
    {
        fixed (byte* memory = numbers)
        {
            SumCore((nint)memory, Count(numbers, type), type);
        }
    }

    /// <summary>
    /// Begins to put the sum over all ranks in the place of each number; what is computed meanwhile must leave them
    /// alone.
    /// </summary>
    /// <param name="numbers">Memory that neither moves nor ends before the sum is there, as that of a tensor.</param>
    /// <param name="type">What they are.</param>
    /// <returns>The sum under way, to be waited for.</returns>
    public unsafe PendingSum BeginSum(Span<byte> numbers, NumberType type) => BeginSumCore(
        (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(numbers)), Count(numbers, type), type);

    /// <summary>Puts the bytes of one rank in the place of those of all others.</summary>
    /// <param name="bytes">As many on each rank.</param>
    /// <param name="from">Whose bytes.</param>
    public abstract void Broadcast(Span<byte> bytes, int from = 0);

    /// <summary>Waits until all ranks are here.</summary>
    public abstract void Barrier();

    /// <summary>Ends all ranks at once, this one too; for a failure that the others do not share.</summary>
    /// <param name="exitCode">What the job tells the shell.</param>
    public abstract void Abort(int exitCode);

    /// <summary>Gives the text of one rank to all.</summary>
    /// <param name="text">The text; of the other ranks it is not read.</param>
    /// <param name="from">Whose text.</param>
    public string Broadcast(string text, int from = 0)
    {
        var bytes = Rank == from ? Encoding.UTF8.GetBytes(text) : [];
        Span<byte> length = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(length, bytes.Length);
        Broadcast(length, from);
        if (Rank != from)
        {
            bytes = new byte[BitConverter.ToInt32(length)];
        }

        Broadcast(bytes, from);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Gives the texts of all ranks to all.</summary>
    /// <param name="text">The text of this rank.</param>
    /// <returns>One text of each rank, in their order.</returns>
    public IReadOnlyList<string> Gather(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. Enumerable.Range(0, Size).Select(rank => Broadcast(text, rank))];
    }

    /// <summary>True on all ranks where it is true on one of them.</summary>
    /// <param name="here">What is true on this rank.</param>
    public bool Any(bool here)
    {
        Span<double> count = [here ? 1 : 0];
        Sum(count);
        return count[0] > 0;
    }

    /// <summary>Which of a number of rows are those of this rank, so that the ranks share them out, in their order and
    /// as evenly as can be.</summary>
    /// <param name="rows">How many rows there are.</param>
    /// <returns>The first one, and how many; none where there are fewer rows than ranks.</returns>
    public (long Start, long Count) Share(long rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        var start = rows * Rank / Size;
        return (start, (rows * (Rank + 1) / Size) - start);
    }

    /// <summary>Leaves the ranks; where there are several, all leave together.</summary>
    public void Dispose()
    {
        Leave();
        GC.SuppressFinalize(this);
    }

    /// <summary>Begins a sum.</summary>
    /// <param name="memory">Where the numbers are.</param>
    /// <param name="count">How many.</param>
    /// <param name="type">What they are.</param>
    protected abstract PendingSum BeginSumCore(nint memory, int count, NumberType type);

    /// <summary>Makes a sum.</summary>
    /// <inheritdoc cref="BeginSumCore"/>
    protected virtual void SumCore(nint memory, int count, NumberType type) =>
        BeginSumCore(memory, count, type).Wait();

    /// <summary>What leaving takes.</summary>
    protected virtual void Leave()
    {
    }

    private static int Count(Span<byte> numbers, NumberType type) =>
        numbers.Length / (type == NumberType.Float32 ? sizeof(float) : sizeof(double));
}
