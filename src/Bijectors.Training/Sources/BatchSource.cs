using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// Where batches come from: fixed items, a stream of fresh ones, a function that draws them. A source holds no place:
/// what is read in a run is in its <see cref="Batches"/>.
/// </summary>
/// <remarks>
/// A source of one's own overrides <see cref="BatchesPerEpoch"/> and <see cref="Read"/>, as a rule an iterator. What it
/// draws comes from the generator it is given; then a resumed run reads the same batches. What an iterator keeps from
/// one batch to the next, it detaches from dispose scopes; the batches themselves are disposed with the step.
/// </remarks>
public abstract class BatchSource
{
    /// <summary>The number of batches of an epoch: after that many the trainer validates.</summary>
    public abstract long BatchesPerEpoch { get; }

    /// <summary>Where its batches lie; the CPU unless overridden.</summary>
    public virtual Device Device => CPU;

    /// <summary>
    /// What identifies it: a checkpoint is refused by a run whose source has another one. The name of the type unless
    /// overridden.
    /// </summary>
    public virtual string Identity => $"{GetType().Name}, {BatchesPerEpoch} batches an epoch";

    /// <summary>Fixed items, in a new order each epoch.</summary>
    /// <param name="items">The items, <c>(N, event...)</c>, at least one. The tensor stays the caller's.</param>
    /// <param name="context">What each is given, <c>(N, context...)</c>; null for none.</param>
    /// <param name="batchSize">The number of items of a batch; the last one of an epoch may be smaller.</param>
    /// <param name="shuffled">False to keep the order of the items.</param>
    /// <exception cref="ArgumentException">There are no items, another number of contexts, or the batch size is not
    /// positive.</exception>
    public static BatchSource Items(Tensor items, Tensor? context = null, int batchSize = 128, bool shuffled = true) =>
        new ItemSource(items, context, batchSize, shuffled);

    /// <summary>Batches that a function draws from a generator on the CPU.</summary>
    /// <param name="draw">Gives a fresh batch.</param>
    /// <param name="batchesPerEpoch">After how many of them an epoch is over.</param>
    /// <exception cref="ArgumentException">An epoch has no batches.</exception>
    public static BatchSource Sampler(Func<Generator, Batch> draw, long batchesPerEpoch = FunctionSource.UsualEpoch)
    {
        ArgumentNullException.ThrowIfNull(draw);
        return new FunctionSource("Sampler", (_, generator) => draw(generator), batchesPerEpoch);
    }

    /// <summary>Batches by their number.</summary>
    /// <param name="batch">Gives the batch with a number, from 0, the same one each time.</param>
    /// <param name="batchesPerEpoch">After how many of them an epoch is over.</param>
    /// <exception cref="ArgumentException">An epoch has no batches.</exception>
    public static BatchSource Stream(Func<long, Batch> batch, long batchesPerEpoch = FunctionSource.UsualEpoch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return new FunctionSource("Stream", (number, _) => batch(number), batchesPerEpoch);
    }

    /// <summary>
    /// Batches as they are enumerated, over the ends of epochs; where the enumeration ends it begins again. A resumed
    /// run enumerates again and passes over what it has seen.
    /// </summary>
    /// <param name="batches">The batches; an enumeration that gives the same ones each time, where runs are
    /// resumed.</param>
    /// <param name="batchesPerEpoch">After how many of them an epoch is over.</param>
    /// <exception cref="ArgumentException">An epoch has no batches.</exception>
    public static BatchSource Stream(IEnumerable<Batch> batches, long batchesPerEpoch = FunctionSource.UsualEpoch)
    {
        ArgumentNullException.ThrowIfNull(batches);
        return new StreamSource(batches, batchesPerEpoch);
    }

    /// <summary>Empty batches, for objectives that draw all they need from their noise.</summary>
    /// <param name="batchesPerEpoch">After how many steps an epoch is over.</param>
    /// <exception cref="ArgumentException">An epoch has no batches.</exception>
    public static BatchSource Empty(long batchesPerEpoch = FunctionSource.UsualEpoch) =>
        new FunctionSource("Empty", (_, _) => new Batch(empty(0)), batchesPerEpoch);

    /// <summary>Begins to read.</summary>
    /// <param name="seed">The seed of order and draws.</param>
    public Batches Open(int seed = 0) => new(this, seed);

    /// <summary>
    /// Reads batches. When they end, it is called again, so that an iterator of one epoch is enough.
    /// </summary>
    /// <param name="first">How many batches have been read before.</param>
    /// <param name="generator">What order and draws come from, on the CPU; it continues where it stopped.</param>
    /// <returns>The batches, with fresh tensors.</returns>
    protected internal abstract IEnumerable<Batch> Read(long first, Generator generator);
}
