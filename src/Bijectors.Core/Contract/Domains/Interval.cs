using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The open interval (<see cref="Low"/>, <see cref="High"/>), elementwise.</summary>
public sealed partial record Interval : Domain
{
    /// <summary>The open interval (<paramref name="low"/>, <paramref name="high"/>).</summary>
    /// <exception cref="ArgumentException">The interval is empty or an end is NaN.</exception>
    public Interval(double low, double high)
    {
        if (!(low < high))
        {
            throw new ArgumentException($"Interval: expected low < high, got low {low} and high {high}.");
        }

        // An end is 0 and never -0, whose reciprocal is on the other side.
        Low = low + 0.0;
        High = high + 0.0;
    }

    /// <summary>The lower end, excluded.</summary>
    public double Low { get; }

    /// <summary>The upper end, excluded.</summary>
    public double High { get; }

    /// <inheritdoc/>
    public override Tensor Contains(Tensor x)
    {
        using var above = x > Low;
        using var below = x < High;
        return above.logical_and(below);
    }

    /// <inheritdoc/>
    protected internal override Tensor Nearest(Tensor x)
    {
        var info = finfo(x.dtype);
        Scalar? low = double.IsInfinity(Low) ? null : Low + Room(Low);
        Scalar? high = double.IsInfinity(High) ? null : High - Room(High);
        return low is null && high is null ? x.alias() : x.clamp(low, high);

        // At 0 there are numbers so small that a slope of 1/x overflows.
        double Room(double end) => Math.Max(4 * info.eps * Math.Abs(end), Least(x.dtype));
    }

    /// <inheritdoc/>
    public override Tensor Sample(ReadOnlySpan<long> shape, ScalarType dtype, Generator generator)
    {
        using var scope = NewDisposeScope();
        var sizes = shape.ToArray();
        var normal = randn(sizes, dtype: dtype, generator: generator);
        var x = (double.IsInfinity(Low), double.IsInfinity(High)) switch
        {
            (true, true) => 2 * normal,
            (false, true) => Low + normal.exp(),
            (true, false) => High - normal.exp(),
            _ => Low + (High - Low) * (0.01 + 0.98 * rand(sizes, dtype: dtype, generator: generator)),
        };
        return x.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> EdgePoints(ScalarType dtype)
    {
        // Far enough to saturate what saturates, near enough that a correct stable form stays finite.
        var (far, near) = dtype == ScalarType.Float64 ? (30.0, 1e-12) : (15.0, 1e-5);
        var lows = double.IsInfinity(Low) ? [-far] : new[] { Low + near * Math.Max(1, Math.Abs(Low)) };
        var highs = double.IsInfinity(High)
            ? [Math.Max(far, Low + far)]
            : new[] { High - near * Math.Max(1, Math.Abs(High)) };
        return [.. lows.Concat(highs).Where(x => x > Low && x < High)];
    }

    /// <inheritdoc/>
    public override bool Includes(Domain other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.LiesIn(this);
    }

    /// <inheritdoc/>
    public override Domain Intersect(Domain other) =>
        other is Interval i ? new Interval(Math.Max(Low, i.Low), Math.Min(High, i.High)) : other.Intersect(this);

    /// <inheritdoc/>
    public override Domain Hull(Domain other) =>
        other is Interval i ? new Interval(Math.Min(Low, i.Low), Math.Max(High, i.High)) : other.Hull(this);

    /// <inheritdoc/>
    protected internal override bool LiesIn(Interval interval)
    {
        ArgumentNullException.ThrowIfNull(interval);
        return interval.Low <= Low && High <= interval.High;
    }

    /// <inheritdoc/>
    public override Domain Scaled(double scale, double shift)
    {
        var (a, b) = ((Low * scale) + shift, (High * scale) + shift);
        return new Interval(Math.Min(a, b), Math.Max(a, b));
    }

    /// <summary><c>Real</c>, <c>Positive</c> or <c>(low, high)</c>.</summary>
    public override string ToString() =>
        Equals(Real) ? "Real" : Equals(Positive) ? "Positive" : FormattableString.Invariant($"({Low}, {High})");
}
