using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Vectors of a domain of which some entries may be missing: NaN stands for them. It is the one domain that holds NaN.
/// </summary>
public sealed record PartiallyObserved : Domain
{
    private readonly long[] _columns;

    private PartiallyObserved(Domain whole, long[] columns) => (Whole, _columns) = (whole, columns);

    /// <summary>Where vectors lie of which nothing is missing.</summary>
    public Domain Whole { get; }

    /// <summary>The places of the entries that may be missing, ascending.</summary>
    public IReadOnlyList<long> Columns => _columns;

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <summary>Vectors of which some entries may be missing.</summary>
    /// <param name="whole">Where vectors lie of which nothing is missing.</param>
    /// <param name="columns">The places of the entries that may be missing.</param>
    /// <exception cref="ArgumentException">Such an entry is not any real number, or there is none.</exception>
    public static PartiallyObserved Of(Domain whole, IEnumerable<long> columns)
    {
        ArgumentNullException.ThrowIfNull(whole);
        long[] places = [.. columns.Distinct().Order()];
        return places.Length > 0 && places.All(place => Real.Equals(ProductDomain.Factor(whole, place)))
            ? new(whole, places)
            : throw new ArgumentException(
                $"PartiallyObserved: expected entries of all reals, got {(places.Length == 0 ? "none" : $"{whole}")}.",
                nameof(whole));
    }

    /// <inheritdoc/>
    public override Tensor Contains(Tensor x)
    {
        using var missing = Missing(x);
        using var filled = Filled(missing, x, 0);
        return Whole.Contains(filled);
    }

    /// <inheritdoc/>
    public override Tensor Sample(ReadOnlySpan<long> shape, ScalarType dtype, Generator generator)
    {
        using var scope = NewDisposeScope();
        var x = Whole.Sample(shape, dtype, generator);
        var some = rand(shape.ToArray(), generator: generator).to(x.device) < 0.25;
        return Filled(some.logical_and(May(x)), x, double.NaN).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override bool Includes(Domain other) => other is PartiallyObserved part
        ? Whole.Includes(part.Whole) && part._columns.All(_columns.Contains)
        : Whole.Includes(other);

    /// <inheritdoc/>
    protected internal override Tensor Nearest(Tensor x)
    {
        using var scope = NewDisposeScope();
        var missing = Missing(x);
        return Filled(missing, Whole.Nearest(Filled(missing, x, 0)), double.NaN).MoveToOuterDisposeScope();
    }

    /// <summary>The same entries of the same domain.</summary>
    public bool Equals(PartiallyObserved? other) =>
        other is not null && Whole.Equals(other.Whole) && _columns.AsSpan().SequenceEqual(other._columns);

    /// <inheritdoc/>
    public override int GetHashCode() => _columns.Aggregate(Whole.GetHashCode(), HashCode.Combine);

    /// <summary>The domain, and which entries may be missing.</summary>
    public override string ToString() => $"{Whole} (entries {string.Join(", ", _columns)} may be missing)";

    /// <summary>True where an entry that may be missing is.</summary>
    private Tensor Missing(Tensor x)
    {
        using var nan = x.isnan();
        using var may = May(x);
        return nan.logical_and(may);
    }

    /// <summary>Points with a number where something holds.</summary>
    private static Tensor Filled(Tensor there, Tensor x, double number)
    {
        using var filling = tensor(number, dtype: x.dtype, device: x.device);
        return where(there, filling, x);
    }

    private Tensor May(Tensor x)
    {
        var may = new bool[x.size(-1)];
        Array.ForEach(_columns, column => may[column] = true);
        return tensor(may, device: x.device);
    }
}
