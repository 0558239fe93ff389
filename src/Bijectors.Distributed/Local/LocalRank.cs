namespace Bijectors.Distributed;

/// <summary>One of the ranks that are threads.</summary>
internal sealed unsafe class LocalRank(Meeting meeting, int rank) : Communicator
{
    private long _operations;

    public override int Rank => rank;

    public override int Size => meeting.Size;

    protected override PendingSum BeginSumCore(nint memory, int count, NumberType type) => Begin(
        $"a sum of {count} numbers of {type}",
        memory,
        parts =>
        {
            if (type == NumberType.Float32)
            {
                Add(parts, count, (float a, float b) => a + b);
            }
            else
            {
                Add(parts, count, (double a, double b) => a + b);
            }
        });

    public override void Broadcast(Span<byte> bytes, int from = 0)
    {
        var length = bytes.Length;
        fixed (byte* memory = bytes)
        {
            var sum = Begin(
                $"a broadcast of {length} bytes from rank {from}",
                (nint)memory,
                parts =>
                {
                    foreach (var part in parts.Where((_, other) => other != from))
                    {
                        new Span<byte>((void*)parts[from], length).CopyTo(new((void*)part, length));
                    }
                });
            sum.Wait();
        }
    }

    public override void Barrier() => Begin("a barrier", 0, _ => { }).Wait();

    /// <summary>Throws: a thread can end the others only with their help, and they see the failure.</summary>
    public override void Abort(int exitCode) => throw new InvalidOperationException(
        $"rank {rank} of {Size} has ended the job with exit code {exitCode}.");

    private Pending Begin(string what, nint part, Action<nint[]> act) =>
        new(this, meeting.Join(_operations++, what, part, act, rank));

    private static void Add<T>(nint[] parts, int count, Func<T, T, T> sum)
        where T : unmanaged
    {
        var total = new Span<T>((void*)parts[0], count);
        foreach (var part in parts.Skip(1))
        {
            var other = new Span<T>((void*)part, count);
            for (var i = 0; i < count; i++)
            {
                total[i] = sum(total[i], other[i]);
            }
        }

        foreach (var part in parts.Skip(1))
        {
            total.CopyTo(new((void*)part, count));
        }
    }

    private sealed class Pending(LocalRank rank, Meeting.Operation operation) : PendingSum
    {
        private readonly LocalRank _rank = rank;

        public override bool Advance() => operation.IsDone;

        public override void Wait() => _rank.Await(operation);
    }

    private void Await(Meeting.Operation operation) => meeting.Await(operation, rank);
}
