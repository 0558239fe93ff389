using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The kernel of a <see cref="KernelNetwork"/>, where it is not as usual.</summary>
public sealed record KernelNetworkOptions : NetworkOptions
{
    /// <summary>The kernel.</summary>
    public KernelKind Kernel { get; init; }

    /// <summary>The gain of the weights: with 0 a network gives zeros at first.</summary>
    public double OutputGain { get; init; } = 1e-2;

    /// <inheritdoc/>
    /// <remarks>The width is the number of points; there are no blocks.</remarks>
    public override KernelNetwork Create(
        Shape read, long outputs, int hidden, int blocks, Generator generator, long contextSize) =>
        read.Rank == 0
            ? throw new ShapeException(nameof(KernelNetwork), "expected a vector to read", $"got {read}")
            : new(read[-1], outputs, hidden, generator, contextSize, this);

    /// <inheritdoc/>
    public override KernelNetworkOptions OfTrunk() => this with { OutputGain = 1 };
}
