using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>Batches that a function gives, from their number and a generator.</summary>
internal sealed class FunctionSource : BatchSource
{
    /// <summary>The batches of an epoch of a source that has no end.</summary>
    public const long UsualEpoch = 100;

    private readonly string _name;
    private readonly Func<long, Generator, Batch> _batch;

    public FunctionSource(string name, Func<long, Generator, Batch> batch, long batchesPerEpoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchesPerEpoch);
        (_name, _batch, BatchesPerEpoch) = (name, batch, batchesPerEpoch);
    }

    public override long BatchesPerEpoch { get; }

    public override string Identity => $"{_name}, {BatchesPerEpoch} batches an epoch";

    // One epoch at a time, so that a resumed run draws no more than an epoch again.
    protected internal override IEnumerable<Batch> Read(long first, Generator generator)
    {
        for (var number = first; number < first + BatchesPerEpoch; number++)
        {
            yield return _batch(number, generator);
        }
    }
}
