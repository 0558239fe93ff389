namespace Bijectors.Distributed;

/// <summary>A process by itself.</summary>
internal sealed class SingleRank : Communicator
{
    public override int Rank => 0;

    public override int Size => 1;

    protected override PendingSum BeginSumCore(nint memory, int count, NumberType type) => Done.Instance;

    public override void Broadcast(Span<byte> bytes, int from = 0)
    {
    }

    public override void Barrier()
    {
    }

    public override void Abort(int exitCode) => Environment.Exit(exitCode);

    private sealed class Done : PendingSum
    {
        public static readonly Done Instance = new();

        public override bool Advance() => true;

        public override void Wait()
        {
        }
    }
}
