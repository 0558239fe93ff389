using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A kind of network and its options, of which a declaration makes one for each coupling:
/// <c>.AffineCoupling(hidden: 64, options: new ResidualMlpOptions { ... })</c>.
/// </summary>
public abstract record NetworkOptions
{
    /// <summary>Makes a network.</summary>
    /// <param name="read">The shape of the part that it reads.</param>
    /// <param name="outputs">How many features it gives.</param>
    /// <param name="hidden">Its width.</param>
    /// <param name="blocks">How many blocks it has, where it has any.</param>
    /// <param name="generator">What its weights are drawn from.</param>
    /// <param name="contextSize">The size of the context, 0 for none.</param>
    /// <exception cref="ArgumentException">A size or an option does not fit.</exception>
    public abstract Conditioner Create(
        Shape read, long outputs, int hidden, int blocks, Generator generator, long contextSize);

    /// <summary>
    /// The same options for a network that a further layer reads: its last layer starts as its others do, not near
    /// zero.
    /// </summary>
    public virtual NetworkOptions OfTrunk() => this;
}
