namespace Bijectors;

/// <summary>What all networks of linear layers choose between those.</summary>
/// <param name="Activation">The activation.</param>
/// <param name="IsResidual">Whether the layers between the first and the last are residual blocks of two.</param>
/// <param name="ContextEntry">How the context enters.</param>
/// <param name="Normalization">What units go through before each activation.</param>
internal sealed record HiddenOptions(
    Activation Activation, bool IsResidual, ContextEntry ContextEntry, HiddenNormalization Normalization)
{
    /// <summary>Whether the first layer reads the context beside the input.</summary>
    public bool ReadsBeside => ContextEntry is ContextEntry.Concatenation or ContextEntry.Gating;

    /// <summary>How many features the first layer reads.</summary>
    /// <param name="whose">The network, for the message.</param>
    /// <param name="inputs">Those of the input.</param>
    /// <param name="contextSize">The size of the context.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public long Read(string whose, long inputs, long contextSize)
    {
        var read = inputs + (ReadsBeside ? contextSize : 0);
        return read > 0 ? read : throw new ArgumentException(
            contextSize == 0
                ? $"{whose}: expected a network with something to read, got neither inputs nor a context."
                : $"{whose}: expected inputs, or a context that enters by Concatenation or Gating, "
                    + $"got no inputs and {ContextEntry}.",
            nameof(inputs));
    }

    /// <exception cref="ArgumentException">They contradict each other.</exception>
    public void Check(string whose)
    {
        ArgumentNullException.ThrowIfNull(Activation);
        if (!Enum.IsDefined(ContextEntry) || !Enum.IsDefined(Normalization))
        {
            throw new ArgumentException(
                $"{whose}: expected a known entry of the context and a known normalization, "
                + $"got {ContextEntry} and {Normalization}.");
        }

        if (ContextEntry == ContextEntry.Gating && !IsResidual)
        {
            throw new ArgumentException(
                $"{whose}: expected residual blocks, whose changes the context gates, got plain layers; "
                + "let it enter by Concatenation, Addition or Film.");
        }
    }
}
