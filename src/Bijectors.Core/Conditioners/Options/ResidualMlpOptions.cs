using static TorchSharp.torch;

namespace Bijectors;

/// <summary>How a <see cref="ResidualMlp"/> is put together, where it is not as usual.</summary>
public sealed record ResidualMlpOptions : NetworkOptions
{
    /// <summary>The activation between the linear layers; rectified linear units by default.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>
    /// Whether hidden layers are residual blocks of two layers, or plain ones: one linear layer and one activation for
    /// each block, as in a multi-layer perceptron.
    /// </summary>
    public bool IsResidual { get; init; } = true;

    /// <summary>How the context enters.</summary>
    public ContextEntry ContextEntry { get; init; }

    /// <summary>What hidden units go through before each activation.</summary>
    public HiddenNormalization Normalization { get; init; }

    /// <summary>The gain of the last layer, see <see cref="Dense"/>: with 0 a network gives zeros at first.</summary>
    public double OutputGain { get; init; } = 1e-2;

    /// <inheritdoc/>
    public override ResidualMlp Create(
        Shape read, long outputs, int hidden, int blocks, Generator generator, long contextSize) =>
        read.Rank == 0
            ? throw new ShapeException(nameof(ResidualMlp), "expected a vector to read", $"got {read}")
            : new(read[-1], outputs, hidden, blocks, generator, contextSize, this);

    /// <inheritdoc/>
    public override ResidualMlpOptions OfTrunk() => this with { OutputGain = 1 };
}
