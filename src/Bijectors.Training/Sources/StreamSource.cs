using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>Batches as they are enumerated, from the beginning again where they end.</summary>
internal sealed class StreamSource : BatchSource
{
    private readonly IEnumerable<Batch> _batches;

    public StreamSource(IEnumerable<Batch> batches, long batchesPerEpoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchesPerEpoch);
        (_batches, BatchesPerEpoch) = (batches, batchesPerEpoch);
    }

    public override long BatchesPerEpoch { get; }

    protected internal override IEnumerable<Batch> Read(long first, Generator generator) => _batches;
}
