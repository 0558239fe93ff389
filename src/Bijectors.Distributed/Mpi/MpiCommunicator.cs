namespace Bijectors.Distributed;

/// <summary>All processes of a job of MPI.</summary>
internal sealed unsafe class MpiCommunicator : Communicator
{
    private readonly MpiLibrary _mpi;

    public MpiCommunicator(MpiKind kind)
    {
        _mpi = MpiLibrary.Load(kind);
        (Rank, Size) = _mpi.Begin();
    }

    public override int Rank { get; }

    public override int Size { get; }

    protected override PendingSum BeginSumCore(nint memory, int count, NumberType type) =>
        new Request(_mpi, _mpi.BeginSum(memory, count, type));

    protected override void SumCore(nint memory, int count, NumberType type) => _mpi.Sum(memory, count, type);

    public override void Broadcast(Span<byte> bytes, int from = 0)
    {
        fixed (byte* memory = bytes)
        {
            _mpi.Broadcast((nint)memory, bytes.Length, from);
        }
    }

    public override void Barrier() => _mpi.Barrier();

    public override void Abort(int exitCode) => _mpi.Abort(exitCode);

    protected override void Leave() => _mpi.End();

    private sealed class Request(MpiLibrary mpi, nint request) : PendingSum
    {
        private nint _request = request;

        public override bool Advance() => mpi.Test(ref _request);

        public override void Wait() => mpi.Wait(ref _request);
    }
}
