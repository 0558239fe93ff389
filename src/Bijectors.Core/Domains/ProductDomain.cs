using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Vectors each entry of which lies in a domain of its own, as the rows of a table do whose columns differ:
/// <c>{ x : x_i in Factors[i] }</c>.
/// </summary>
public sealed record ProductDomain : Domain
{
    private readonly (Domain Factor, long[] Places)[] _groups;
    private readonly long[] _order;

    private ProductDomain(IReadOnlyList<Domain> factors)
    {
        Factors = [.. factors];
        _groups =
        [
            .. factors.Select((factor, i) => (factor, i)).GroupBy(pair => pair.factor)
                .Select(group => (group.Key, group.Select(pair => (long)pair.i).ToArray())),
        ];
        _order = new long[factors.Count];
        foreach (var (place, at) in _groups.SelectMany(group => group.Places).Select((place, at) => (place, at)))
        {
            _order[place] = at;
        }
    }

    /// <summary>The domain of each entry.</summary>
    public IReadOnlyList<Domain> Factors { get; }

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <summary>Vectors of entries from several domains; the one domain itself where all are equal.</summary>
    /// <param name="factors">A domain of elements for each entry.</param>
    /// <exception cref="ArgumentException">There is none, or one that speaks of whole events.</exception>
    public static Domain Of(IReadOnlyList<Domain> factors)
    {
        ArgumentNullException.ThrowIfNull(factors);
        if (factors.Count == 0 || factors.FirstOrDefault(factor => factor.EventRank > 0) is { })
        {
            throw new ArgumentException(
                "ProductDomain: expected a domain of elements for each entry, got "
                + $"{factors.FirstOrDefault(factor => factor.EventRank > 0)?.ToString() ?? "none"}.", nameof(factors));
        }

        return factors.All(factor => factor.Equals(factors[0])) ? factors[0] : new ProductDomain(factors);
    }

    /// <summary>The domain of one entry of vectors of a domain; null where it is not known.</summary>
    internal static Domain? Factor(Domain domain, long place) => domain switch
    {
        ProductDomain product => product.Factors[(int)place],
        { EventRank: 0 } => domain,
        _ => null,
    };

    /// <inheritdoc/>
    public override Tensor Contains(Tensor x) => Each(x, (factor, part) => factor.Contains(part));

    /// <inheritdoc/>
    public override Tensor Sample(ReadOnlySpan<long> shape, ScalarType dtype, Generator generator)
    {
        var leading = shape[..^1].ToArray();
        using var like = empty(shape.ToArray(), dtype);
        return Each(like, (factor, part) => factor.Sample([.. leading, part.size(-1)], dtype, generator));
    }

    /// <inheritdoc/>
    public override bool Includes(Domain other) => Pairs(other) is { } pairs
        ? pairs.All(pair => pair.Mine.Includes(pair.Other))
        : base.Includes(other);

    /// <inheritdoc/>
    public override Domain Intersect(Domain other) => Pairs(other) is { } pairs
        ? Of([.. pairs.Select(pair => pair.Mine.Intersect(pair.Other))])
        : base.Intersect(other);

    /// <inheritdoc/>
    public override Domain Hull(Domain other) => Pairs(other) is { } pairs
        ? Of([.. pairs.Select(pair => pair.Mine.Hull(pair.Other))])
        : base.Hull(other);

    /// <inheritdoc/>
    public override Domain Scaled(double scale, double shift) =>
        Of([.. Factors.Select(factor => factor.Scaled(scale, shift))]);

    /// <inheritdoc/>
    protected internal override bool LiesIn(Interval interval)
    {
        ArgumentNullException.ThrowIfNull(interval);
        return Factors.All(interval.Includes);
    }

    /// <inheritdoc/>
    protected internal override Tensor Nearest(Tensor x) => Each(x, (factor, part) => factor.Nearest(part));

    /// <summary>Equal factors in the same order.</summary>
    public bool Equals(ProductDomain? other) => other is not null && Factors.SequenceEqual(other.Factors);

    /// <inheritdoc/>
    public override int GetHashCode() => Factors.Aggregate(17, HashCode.Combine);

    /// <summary>The factors: <c>R x R x {0, ..., 4}</c>.</summary>
    public override string ToString() => string.Join(" x ", Factors);

    private IEnumerable<(Domain Mine, Domain Other)>? Pairs(Domain other) => other switch
    {
        ProductDomain product when product.Factors.Count == Factors.Count => Factors.Zip(product.Factors),
        { EventRank: 0 } => Factors.Select(factor => (factor, other)),
        _ => null,
    };

    /// <summary>What is asked of the entries of each domain together, in the order of the entries again.</summary>
    private Tensor Each(Tensor x, Func<Domain, Tensor, Tensor> of)
    {
        using var scope = NewDisposeScope();
        var parts = _groups.Select(group =>
            of(group.Factor, x.index_select(-1, tensor(group.Places, device: x.device)))).ToList();
        return cat(parts, -1).index_select(-1, tensor(_order, device: x.device)).MoveToOuterDisposeScope();
    }
}
