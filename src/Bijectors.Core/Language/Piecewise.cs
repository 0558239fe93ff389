using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The log-slopes of maps of two pieces, for emitted code.</summary>
public static class Piecewise
{
    /// <summary>The log-slope of each entry, from those of the piece below the cut and of the one above it.</summary>
    /// <param name="isBelow">Which entries lie below.</param>
    /// <param name="below">The log-slopes of the piece below, finite at all entries.</param>
    /// <param name="above">The log-slopes of the piece above, finite at all entries.</param>
    public static Tensor LogSlope(Tensor isBelow, Tensor below, Tensor above) => where(isBelow, below, above);

    /// <inheritdoc cref="LogSlope(Tensor, Tensor, Tensor)"/>
    public static Tensor LogSlope(Tensor isBelow, double below, Tensor above)
    {
        using var number = full_like(above, below);
        return where(isBelow, number, above);
    }

    /// <inheritdoc cref="LogSlope(Tensor, Tensor, Tensor)"/>
    public static Tensor LogSlope(Tensor isBelow, Tensor below, double above)
    {
        using var number = full_like(below, above);
        return where(isBelow, below, number);
    }

    /// <summary>The log-slope of each entry, where both pieces have one slope everywhere.</summary>
    /// <param name="isBelow">Which entries lie below.</param>
    /// <param name="below">The log-slope of the piece below.</param>
    /// <param name="above">The log-slope of the piece above.</param>
    /// <param name="point">A point, for its type.</param>
    public static Tensor LogSlope(Tensor isBelow, double below, double above, Tensor point)
    {
        using var mask = isBelow.to(point.dtype);
        using var steps = mask * (below - above);
        return steps + above;
    }
}
