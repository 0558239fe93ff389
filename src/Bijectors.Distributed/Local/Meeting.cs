namespace Bijectors.Distributed;

/// <summary>
/// Where threads meet: the n-th operation of each rank is the same operation, which the last one to arrive carries out.
/// Whoever computes holds the lock; waiting for the others lets go of it.
/// </summary>
internal sealed class Meeting
{
    private readonly int _size;
    private readonly object _lock = new();
    private readonly List<Exception> _failures = [];
    private readonly Dictionary<long, Operation> _open = [];
    private int _running;
    private int _waiting;

    public Meeting(int size) => (_size, _running) = (size, size);

    public int Size => _size;

    public IReadOnlyList<Exception> Failures => _failures;

    /// <summary>Runs a rank on this thread.</summary>
    public void Run(int rank, Action<Communicator> run)
    {
        lock (_lock)
        {
            try
            {
                run(new LocalRank(this, rank));
            }
            catch (Exception exception)
            {
                _failures.Add(exception);
            }
            finally
            {
                _running--;
                Monitor.PulseAll(_lock);
            }
        }
    }

    /// <summary>Takes part in an operation; the last to do so carries it out.</summary>
    /// <param name="number">Which operation of the rank it is.</param>
    /// <param name="what">What is done, the same on all ranks.</param>
    /// <param name="part">The memory of this rank.</param>
    /// <param name="act">Carries the operation out on the memory of all ranks, in their order.</param>
    /// <param name="rank">The rank.</param>
    public Operation Join(long number, string what, nint part, Action<nint[]> act, int rank)
    {
        if (!_open.TryGetValue(number, out var operation))
        {
            _open.Add(number, operation = new(what, new nint[_size]));
        }

        if (operation.What != what)
        {
            throw new InvalidOperationException(
                $"rank {rank} of {_size}: expected {operation.What} as another rank, got {what}; all ranks must call "
                + "the same operations in the same order.");
        }

        operation.Parts[rank] = part;
        if (++operation.Arrived == _size)
        {
            act(operation.Parts);
            operation.IsDone = true;
            _waiting -= operation.Waiting;
            _open.Remove(number);
            Monitor.PulseAll(_lock);
        }

        return operation;
    }

    /// <summary>Waits for the other ranks.</summary>
    /// <exception cref="InvalidOperationException">One of them has failed, or all others have ended.</exception>
    public void Await(Operation operation, int rank)
    {
        if (operation.IsDone)
        {
            return;
        }

        // The waits for it end, for this count, when it is carried out, though the threads run later.
        _waiting++;
        operation.Waiting++;
        while (!operation.IsDone)
        {
            if (_failures.Count > 0 || (_waiting == _running && _running < _size))
            {
                _waiting--;
                operation.Waiting--;
                throw new InvalidOperationException(
                    $"rank {rank} of {_size}: expected all ranks at {operation.What}, got "
                    + (_failures.Count > 0 ? $"a failure: {_failures[0].Message}" : "some that have ended."));
            }

            Monitor.Wait(_lock);
        }
    }

    /// <summary>An operation that some ranks have called.</summary>
    internal sealed class Operation(string what, nint[] parts)
    {
        public string What => what;

        public nint[] Parts => parts;

        public int Arrived { get; set; }

        public int Waiting { get; set; }

        public bool IsDone { get; set; }
    }
}
