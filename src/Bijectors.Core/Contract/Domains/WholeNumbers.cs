using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The whole numbers from <see cref="Low"/> to <see cref="High"/>, both included, elementwise.</summary>
public sealed record WholeNumbers : Domain
{
    /// <summary>The whole numbers from <paramref name="low"/> to <paramref name="high"/>.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public WholeNumbers(long low, long high)
    {
        if (low > high)
        {
            throw new ArgumentException($"WholeNumbers: expected low <= high, got low {low} and high {high}.");
        }

        (Low, High) = (low, high);
    }

    /// <summary>The first one.</summary>
    public long Low { get; }

    /// <summary>The last one.</summary>
    public long High { get; }

    /// <inheritdoc/>
    public override Tensor Contains(Tensor x)
    {
        using var scope = NewDisposeScope();
        return ((x >= Low) & (x <= High) & (x.floor() == x)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Sample(ReadOnlySpan<long> shape, ScalarType dtype, Generator generator)
    {
        using var numbers = randint(Low, High + 1, shape.ToArray(), ScalarType.Int64, generator: generator);
        return numbers.to(dtype);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> EdgePoints(ScalarType dtype) => Low == High ? [Low] : [Low, High];

    /// <inheritdoc/>
    public override bool Includes(Domain other) => other is WholeNumbers w && Low <= w.Low && w.High <= High;

    /// <inheritdoc/>
    public override Domain Intersect(Domain other) => other is WholeNumbers w
        ? new WholeNumbers(Math.Max(Low, w.Low), Math.Min(High, w.High))
        : base.Intersect(other);

    /// <inheritdoc/>
    public override Domain Hull(Domain other) => other is WholeNumbers w
        ? new WholeNumbers(Math.Min(Low, w.Low), Math.Max(High, w.High))
        : base.Hull(other);

    /// <inheritdoc/>
    protected internal override bool LiesIn(Interval interval)
    {
        ArgumentNullException.ThrowIfNull(interval);
        return interval.Low < Low && High < interval.High;
    }

    /// <summary><c>{0, ..., 255}</c></summary>
    public override string ToString() => $"{{{Low}, ..., {High}}}";

    /// <inheritdoc/>
    protected internal override Tensor Nearest(Tensor x)
    {
        using var rounded = x.round();
        return rounded.clamp(Low, High);
    }
}
