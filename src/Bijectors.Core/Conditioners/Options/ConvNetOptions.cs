using static TorchSharp.torch;

namespace Bijectors;

/// <summary>How a <see cref="ConvNet"/> is put together, where it is not as usual.</summary>
public sealed record ConvNetOptions : NetworkOptions
{
    /// <summary>
    /// Width and height of the filters of every layer, each odd; how many there are says how deep the network is. At
    /// least two; of a residual network an even number, since two layers between the first and the last are a block.
    /// </summary>
    public IReadOnlyList<int> Kernels { get; init; } = [3, 1, 3];

    /// <summary>The activation between the layers; rectified linear units by default.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Whether the layers between the first and the last are residual blocks of two; plain by
    /// default.</summary>
    public bool IsResidual { get; init; }

    /// <summary>How the context enters.</summary>
    public ContextEntry ContextEntry { get; init; }

    /// <summary>What hidden channels go through before each activation.</summary>
    public HiddenNormalization Normalization { get; init; }

    /// <summary>The gain of the last layer, see <see cref="Convolution"/>: with 0 a network gives zeros at
    /// first.</summary>
    public double OutputGain { get; init; }

    /// <inheritdoc/>
    public override ConvNet Create(
        Shape read, long outputs, int hidden, int blocks, Generator generator, long contextSize) =>
        read.Rank < 3
            ? throw new ShapeException(nameof(ConvNet), "expected an image to read", $"got {read}")
            : new(read[-3], outputs, hidden, generator, contextSize, this);

    /// <inheritdoc/>
    public override ConvNetOptions OfTrunk() => this with { OutputGain = 1 };
}
