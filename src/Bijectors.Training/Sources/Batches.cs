using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>The batches of one run: a source, a generator and the place in it.</summary>
/// <remarks>
/// A checkpoint holds the generator's state at the last call of <see cref="BatchSource.Read"/> and the number of
/// batches since; what lies between is read again and passed over.
/// </remarks>
public sealed class Batches : ICheckpointed, IDisposable
{
    private readonly BatchSource _source;
    private readonly Generator _generator;
    private Tensor _start;
    private IEnumerator<Batch>? _reading;
    private long _first;

    internal Batches(BatchSource source, int seed)
    {
        (_source, PerEpoch) = (source, source.BatchesPerEpoch);
        _generator = new Generator((ulong)seed);
        _start = _generator.get_state().DetachFromDisposeScope();
    }

    /// <summary>The number of batches of an epoch.</summary>
    public long PerEpoch { get; }

    /// <summary>The number of batches so far.</summary>
    public long Count { get; private set; }

    /// <summary>True where the next batch begins a new epoch.</summary>
    public bool AtEpochStart => Count % PerEpoch == 0;

    /// <summary>The next batch; its tensors belong to the current dispose scope.</summary>
    /// <exception cref="InvalidOperationException">The source has none.</exception>
    public Batch Next()
    {
        if (_reading?.MoveNext() != true)
        {
            Read();
            if (!_reading!.MoveNext())
            {
                throw new InvalidOperationException(
                    $"{_source.GetType().Name}: expected at least one batch behind the first {Count}, got none; "
                    + "what it reads has ended and cannot be read again.");
            }
        }

        Count++;
        return _reading.Current;
    }

    /// <inheritdoc/>
    public void Save(CheckpointState state)
    {
        state.Put("generator", _start);
        state.Put("first", _first);
        state.Put("count", Count);
    }

    /// <inheritdoc/>
    public void Load(CheckpointState state)
    {
        var count = state.Whole("count");
        _reading?.Dispose();
        _reading = null;
        state.Restore("generator", _generator);
        Count = state.Whole("first");
        Mark();
        while (Count < count)
        {
            using var passed = NewDisposeScope();
            Next();
        }
    }

    /// <summary>Frees what reading holds.</summary>
    public void Dispose()
    {
        _reading?.Dispose();
        _start.Dispose();
        _generator.Dispose();
    }

    private void Read()
    {
        _reading?.Dispose();
        Mark();
        _reading = _source.Read(Count, _generator).GetEnumerator();
    }

    private void Mark()
    {
        _start.Dispose();
        _start = _generator.get_state().DetachFromDisposeScope();
        _first = Count;
    }
}
