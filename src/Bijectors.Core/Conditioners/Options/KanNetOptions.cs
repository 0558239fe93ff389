using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The splines on the edges of a <see cref="KanNet"/>, where they are not as usual.</summary>
public sealed record KanNetOptions : NetworkOptions
{
    /// <summary>The number G of intervals of the grid.</summary>
    public int Intervals { get; init; } = 5;

    /// <summary>The order k of the splines: k - 1 derivatives are continuous.</summary>
    public int Order { get; init; } = 3;

    /// <summary>The grid reaches from -bound to bound; beyond it the splines go to zero and the SiLU stays.</summary>
    public double Bound { get; init; } = 3;

    /// <inheritdoc/>
    /// <remarks>The number of blocks is that of its hidden layers.</remarks>
    public override KanNet Create(
        Shape read, long outputs, int hidden, int blocks, Generator generator, long contextSize) =>
        read.Rank == 0
            ? throw new ShapeException(nameof(KanNet), "expected a vector to read", $"got {read}")
            : new(read[-1], outputs, hidden, blocks, generator, contextSize, this);
}
