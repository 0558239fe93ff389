using System.Collections.Immutable;
using System.Globalization;
using static TorchSharp.torch;

namespace Bijectors.Testing.FsCheck;

/// <summary>A point of a shape as a value: numbers, row-major. Tensors are made of it when they are needed.</summary>
public sealed class Point : IEquatable<Point>
{
    /// <summary>A point.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">Its entries, row-major.</param>
    /// <exception cref="ShapeException">There are more or fewer entries than the shape has.</exception>
    public Point(Shape shape, IEnumerable<double> values)
    {
        Shape = shape;
        Values = [.. values];
        if (Values.Length != shape.Size)
        {
            throw new ShapeException(
                nameof(Point), $"expected the {shape.Size} entries of {shape}", $"got {Values.Length}");
        }
    }

    /// <summary>The shape.</summary>
    public Shape Shape { get; }

    /// <summary>The entries, row-major.</summary>
    public ImmutableArray<double> Values { get; }

    /// <summary>The point as a tensor.</summary>
    /// <param name="dtype">The dtype of its entries.</param>
    /// <returns>A fresh tensor, yours to dispose.</returns>
    public Tensor ToTensor(ScalarType dtype = ScalarType.Float64)
    {
        using var flat = tensor(Values.ToArray(), dtype);
        return flat.reshape(Shape.ToArray());
    }

    /// <summary>True where both have the same shape and entries.</summary>
    public bool Equals(Point? other) => other is not null && Shape == other.Shape && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Point);

    /// <inheritdoc/>
    public override int GetHashCode() => Values.Aggregate(Shape.GetHashCode(), HashCode.Combine);

    /// <summary>The entries in brackets, and the shape where it is not that of a vector.</summary>
    public override string ToString()
    {
        var entries =
            $"[{string.Join(", ", Values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}]";
        return Shape.Rank == 1 ? entries : $"{entries} as {Shape}";
    }
}
