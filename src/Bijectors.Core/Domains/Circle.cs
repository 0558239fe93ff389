using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The circle, elementwise, as angles <c>-pi &lt;= x &lt; pi</c>: the two ends are one point. A density on it may be
/// positive there, and continuous across.
/// </summary>
public sealed record Circle : Domain
{
    /// <inheritdoc/>
    public override Tensor Contains(Tensor x)
    {
        using var scope = NewDisposeScope();
        return ((x >= -Math.PI) & (x < Math.PI)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Sample(ReadOnlySpan<long> shape, ScalarType dtype, Generator generator) =>
        Open.Sample(shape, dtype, generator);

    /// <inheritdoc/>
    public override IReadOnlyList<double> EdgePoints(ScalarType dtype) => Open.EdgePoints(dtype);

    /// <summary>True for itself, and for what lies between -pi and pi.</summary>
    public override bool Includes(Domain other) => other is Circle || Open.Includes(other);

    /// <summary><c>Circle</c></summary>
    public override string ToString() => nameof(Circle);

    internal override string? Beside(Domain other) => other is Interval
        ? "The two ends of the circle are one point, those of an interval are not: a distribution on the circle is "
            + "VonMises, and Distribution.UniformOnCircle."
        : null;

    /// <inheritdoc/>
    protected internal override Tensor Nearest(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        var turned = (x + Math.PI).remainder(2 * Math.PI) - Math.PI;
        return where(Contains(x), x, Open.Nearest(turned)).MoveToOuterDisposeScope();
    }

    private static Domain Open { get; } = Interval(-Math.PI, Math.PI);
}
