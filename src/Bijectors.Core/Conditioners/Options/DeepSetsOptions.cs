using static TorchSharp.torch;

namespace Bijectors;

/// <summary>How a <see cref="DeepSets"/> is put together, where it is not as usual.</summary>
public sealed record DeepSetsOptions : NetworkOptions
{
    /// <summary>The activation between the layers; rectified linear units by default.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>The gain of the last layer: with 0 a network gives zeros at first.</summary>
    public double OutputGain { get; init; } = 1e-2;

    /// <inheritdoc/>
    /// <remarks>The number of blocks is that of its hidden layers, and one is the least.</remarks>
    public override DeepSets Create(
        Shape read, long outputs, int hidden, int blocks, Generator generator, long contextSize) =>
        read.Rank < 2
            ? throw new ShapeException(nameof(DeepSets), "expected a set (items, features) to read", $"got {read}")
            : new(read[-1], outputs, hidden, blocks, generator, contextSize, this);

    /// <inheritdoc/>
    public override DeepSetsOptions OfTrunk() => this with { OutputGain = 1 };
}
