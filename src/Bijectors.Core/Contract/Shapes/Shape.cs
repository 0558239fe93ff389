using System.Collections.Immutable;

namespace Bijectors;

/// <summary>
/// The sizes of one event: a vector is <c>(D)</c>, an image <c>(channels, height, width)</c>, a scalar <c>()</c>.
/// Batch dimensions are never part of a shape. Sizes are positive.
/// </summary>
public readonly struct Shape : IEquatable<Shape>
{
    private readonly ImmutableArray<long> _sizes;

    private Shape(ImmutableArray<long> sizes) => _sizes = sizes;

    /// <summary>The shape of a scalar event, <c>()</c>.</summary>
    public static Shape Scalar { get; } = new([]);

    private ImmutableArray<long> Sizes => _sizes.IsDefault ? [] : _sizes;

    /// <summary>The number of dimensions.</summary>
    public int Rank => Sizes.Length;

    /// <summary>The number of elements, the D of "bits per dimension"; 1 for a scalar.</summary>
    public long Size => Sizes.Aggregate(1L, (product, size) => product * size);

    /// <summary>The size along a dimension; negative dimensions count from the end, as everywhere in torch.</summary>
    /// <exception cref="ShapeException">The shape has no such dimension.</exception>
    public long this[int dim] => Sizes[Resolve(dim)];

    /// <summary>A shape of the given sizes.</summary>
    /// <exception cref="ShapeException">A size is not positive, or their product exceeds 2^62.</exception>
    public static Shape Of(params ReadOnlySpan<long> sizes)
    {
        var rest = 1L << 62;
        foreach (var size in sizes)
        {
            if (size <= 0)
            {
                throw new ShapeException("Shape", "expected positive sizes", $"got {new Shape([.. sizes])}");
            }

            rest /= size;
        }

        if (rest == 0)
        {
            throw new ShapeException(
                "Shape", "expected sizes with a product of at most 2^62", $"got {new Shape([.. sizes])}");
        }

        return new([.. sizes]);
    }

    /// <summary>A shape of the given sizes, for languages without spans of parameters, as C# 12.</summary>
    /// <exception cref="ShapeException">A size is not positive, or their product exceeds 2^62.</exception>
    public static Shape Of(params long[] sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return Of(sizes.AsSpan());
    }

    /// <summary>The shape <c>(size)</c>.</summary>
    /// <exception cref="ShapeException">The size is not positive.</exception>
    public static Shape Vector(long size) => Of(size);

    /// <summary>The shape <c>(channels, height, width)</c>.</summary>
    /// <exception cref="ShapeException">A size is not positive.</exception>
    public static Shape Image(long channels, long height, long width) => Of(channels, height, width);

    /// <summary>Everything but the last <paramref name="count"/> dimensions.</summary>
    public Shape Leading(int count) => new(Sizes[..^count]);

    /// <summary>The last <paramref name="count"/> dimensions.</summary>
    public Shape Trailing(int count) => new(Sizes[^count..]);

    /// <summary>This shape followed by another.</summary>
    public Shape Then(Shape other) => new(Sizes.AddRange(other.Sizes));

    /// <summary>This shape with another size along one dimension.</summary>
    /// <exception cref="ShapeException">The shape has no such dimension, or the size is not positive.</exception>
    public Shape With(int dim, long size) => Of(Sizes.SetItem(Resolve(dim), size).AsSpan());

    /// <summary>The sizes, as torch takes them.</summary>
    public long[] ToArray() => [.. Sizes];

    /// <inheritdoc/>
    public bool Equals(Shape other) => Sizes.AsSpan().SequenceEqual(other.Sizes.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Sizes.Aggregate(17, HashCode.Combine);

    /// <summary>True where both shapes have the same sizes.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>True where the shapes differ.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>The sizes in brackets: <c>(1, 8, 8)</c>.</summary>
    public override string ToString() => Text(Sizes.AsSpan());

    /// <summary>The sizes of what a network reads, which may be nothing: the context is left to it then.</summary>
    internal static Shape OfPart(ReadOnlySpan<long> sizes) => new([.. sizes]);

    /// <summary>This shape with no entries along one dimension: that of a part which holds nothing.</summary>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Shape WithNone(int dim) => new(Sizes.SetItem(Resolve(dim), 0));

    /// <summary>Sizes of a tensor in brackets, also those of none.</summary>
    internal static string Text(ReadOnlySpan<long> sizes) => $"({string.Join(", ", sizes.ToArray())})";

    private int Resolve(int dim)
    {
        var index = dim < 0 ? dim + Rank : dim;
        return index >= 0 && index < Rank
            ? index
            : throw new ShapeException("Shape", $"expected a shape with dimension {dim}", $"got {this}");
    }
}
