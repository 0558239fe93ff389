using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Points whose two parts lie in two domains: <c>{ x : (a, b) = Split(x), a in First, b in Second }</c>.
/// </summary>
public sealed record PartsDomain : Domain
{
    private PartsDomain(Domain first, Domain second, Partition partition) =>
        (First, Second, Partition) = (first, second, partition);

    /// <summary>Where the first part lies.</summary>
    public Domain First { get; }

    /// <summary>Where the second part lies.</summary>
    public Domain Second { get; }

    /// <summary>What the parts are.</summary>
    public Partition Partition { get; }

    /// <summary>The points whose parts lie in two domains; the one domain itself where the two are equal.</summary>
    public static Domain Of(Domain first, Domain second, Partition partition) =>
        first.EventRank == 0 && first == second ? first : new PartsDomain(first, second, partition);

    /// <inheritdoc/>
    public override int EventRank => Partition.EventRank;

    /// <inheritdoc/>
    public override long Dimensions(Shape eventShape)
    {
        var (first, second) = Partition.Split(eventShape);
        return First.Dimensions(first) + Second.Dimensions(second);
    }

    /// <inheritdoc/>
    public override Tensor? Tangents(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (a, b) = Partition.Split(x);
        var rank = EventRank;
        if (TangentBasis.Of(First, a, rank) is null && TangentBasis.Of(Second, b, rank) is null)
        {
            return null;
        }

        var ofFirst = TangentBasis.Moved(
            TangentBasis.OrAll(First, a, rank), a.shape.AsSpan()[^rank..], v => Partition.Join(v, None(v, b)), rank);
        var ofSecond = TangentBasis.Moved(
            TangentBasis.OrAll(Second, b, rank), b.shape.AsSpan()[^rank..], v => Partition.Join(None(v, a), v), rank);
        return cat([ofFirst, ofSecond], -1).MoveToOuterDisposeScope();

        static Tensor None(Tensor vectors, Tensor part) =>
            zeros([vectors.shape[0], .. part.shape], part.dtype, part.device);
    }

    /// <inheritdoc/>
    public override Tensor Contains(Tensor x) => Joined(x, (domain, part) => domain.Contains(part));

    /// <inheritdoc/>
    protected internal override Tensor Nearest(Tensor x) => Joined(x, (domain, part) => domain.Nearest(part));

    /// <inheritdoc/>
    public override Tensor Sample(ReadOnlySpan<long> shape, ScalarType dtype, Generator generator)
    {
        var leading = shape[..^Partition.EventRank].ToArray();
        var (first, second) = Partition.Split(Shape.Of(shape[^Partition.EventRank..]));
        using var a = First.Sample([.. leading, .. first.ToArray()], dtype, generator);
        using var b = Second.Sample([.. leading, .. second.ToArray()], dtype, generator);
        return Partition.Join(a, b);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> EdgePoints(ScalarType dtype)
    {
        if (First.EventRank > 0 || Second.EventRank > 0)
        {
            return [];
        }

        // One number stands for every element of a point, so it must lie in both.
        using var scope = NewDisposeScope();
        return [.. First.EdgePoints(dtype).Where(x => Has(Second, x))
            .Union(Second.EdgePoints(dtype).Where(x => Has(First, x)))];
    }

    /// <inheritdoc/>
    public override bool Includes(Domain other) => other is PartsDomain p && Same(p.Partition)
        ? First.Includes(p.First) && Second.Includes(p.Second)
        : First.Includes(other) && Second.Includes(other);

    /// <inheritdoc/>
    public override Domain Intersect(Domain other) => other is PartsDomain p && Same(p.Partition)
        ? Of(First.Intersect(p.First), Second.Intersect(p.Second), Partition)
        : Of(First.Intersect(other), Second.Intersect(other), Partition);

    /// <inheritdoc/>
    public override Domain Hull(Domain other) => other is PartsDomain p && Same(p.Partition)
        ? Of(First.Hull(p.First), Second.Hull(p.Second), Partition)
        : First.Hull(Second).Hull(other);

    /// <inheritdoc/>
    public override Domain Scaled(double scale, double shift) =>
        Of(First.Scaled(scale, shift), Second.Scaled(scale, shift), Partition);

    /// <inheritdoc/>
    protected internal override bool LiesIn(Interval interval)
    {
        ArgumentNullException.ThrowIfNull(interval);
        return interval.Includes(First) && interval.Includes(Second);
    }

    /// <summary>Both domains and the partition.</summary>
    public override string ToString() => $"{First} x {Second} by {Partition}";

    /// <summary>Equal sets are equal: a partition is what it is called.</summary>
    public bool Equals(PartsDomain? other) =>
        other is not null && First.Equals(other.First) && Second.Equals(other.Second) && Same(other.Partition);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(First, Second, Partition.ToString());

    private bool Same(Partition other) => other.ToString() == Partition.ToString();

    private static bool Has(Domain domain, double x)
    {
        using var point = tensor(x);
        using var inside = domain.Contains(point);
        return inside.item<bool>();
    }

    /// <summary>What is asked of each part, joined again.</summary>
    private Tensor Joined(Tensor x, Func<Domain, Tensor, Tensor> of)
    {
        var (a, b) = Partition.Split(x);
        using (a)
        using (b)
        using (var first = of(First, a))
        using (var second = of(Second, b))
        {
            return Partition.Join(first, second);
        }
    }
}
