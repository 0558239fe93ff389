namespace Bijectors;

/// <summary>
/// A bijector that runs others one after another and may compute their activations again in backward, see
/// <see cref="Flow.Reversible"/>. A composite that holds a <see cref="Chain"/> need not be one: the chain is.
/// </summary>
public interface IReversible
{
    /// <summary>Switches the mode of this bijector and of those inside it.</summary>
    /// <param name="on">Whether it is to be on.</param>
    void SetReversible(bool on);

    /// <summary>What reversible training does with each bijector that this one runs; nothing where it is off.</summary>
    /// <param name="name">The name of this one as in the state dictionary.</param>
    IEnumerable<ReversibleLayer> ReversibleLayers(string name);
}
