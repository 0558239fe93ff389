using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The points that a rearrangement takes into a domain: <c>{ x : f(x) in Inner }</c>.</summary>
internal sealed record RearrangedDomain : Domain
{
    private RearrangedDomain(Bijector f, Domain inner) => (F, Inner) = (f, inner);

    /// <summary>The rearrangement.</summary>
    public Bijector F { get; }

    /// <summary>Where it takes the points.</summary>
    public Domain Inner { get; }

    /// <summary>The points that a rearrangement takes into a domain; a set of elements, which are all alike, stays what
    /// it is.</summary>
    public static Domain Of(Bijector f, Domain inner) =>
        inner is { EventRank: 0 } or PartOf ? inner : new RearrangedDomain(f, inner);

    public override int EventRank => F.EventRank;

    public override Domain Elements => Inner.Elements;

    public override long Dimensions(Shape eventShape) => Inner.Dimensions(F.OutputShape(eventShape));

    public override Tensor? Tangents(Tensor x)
    {
        using var scope = NewDisposeScope();
        var y = Nested.Forward(F, x, null);
        var rank = F.OutputEventRank;
        return TangentBasis.Of(Inner, y, rank) is not { } basis
            ? null
            : TangentBasis.Moved(basis, y.shape.AsSpan()[^rank..], v => Nested.Inverse(F, v, null), EventRank)
                .MoveToOuterDisposeScope();
    }

    public override Tensor Contains(Tensor x)
    {
        using var y = Nested.Forward(F, x, null);
        using var inside = Inner.Contains(y);
        return Nested.Inverse(F, inside, null);
    }

    protected internal override Tensor Nearest(Tensor x)
    {
        using var y = Nested.Forward(F, x, null);
        using var near = Inner.Nearest(y);
        return Nested.Inverse(F, near, null);
    }

    public override Tensor Sample(ReadOnlySpan<long> shape, ScalarType dtype, Generator generator)
    {
        using var y = Inner.Sample(F.OutputShape(Shape.Of(shape)).ToArray(), dtype, generator);
        return Nested.Inverse(F, y, null);
    }

    public override IReadOnlyList<double> EdgePoints(ScalarType dtype) => Inner.EdgePoints(dtype);

    public override bool Includes(Domain other) => Same(other) is { } inner
        ? Inner.Includes(inner)
        : other is Bijectors.Interval or PartOf && Inner.Includes(other);

    public override Domain Intersect(Domain other) => Of(F, Inner.Intersect(Same(other) ?? other));

    public override Domain Hull(Domain other) => Of(F, Inner.Hull(Same(other) ?? other));

    public override Domain Scaled(double scale, double shift) => Of(F, Inner.Scaled(scale, shift));

    protected internal override bool LiesIn(Interval interval) => interval.Includes(Inner);

    public override string ToString() => $"{Inner} after {F}";

    /// <summary>The inner domain of a domain with the same rearrangement.</summary>
    private Domain? Same(Domain other) => other is RearrangedDomain r && ReferenceEquals(r.F, F) ? r.Inner : null;
}
