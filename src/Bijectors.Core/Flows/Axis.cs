namespace Bijectors;

/// <summary>An axis of an event by its meaning: channels, patches, or a dimension.</summary>
public readonly record struct Axis
{
    private readonly int _dim;

    private Axis(int dim) => _dim = dim;

    /// <summary>The channels: the first dimension of an image, the last one of (patches, channels) and of a
    /// vector.</summary>
    public static Axis Channels => default;

    /// <summary>The patches of (patches, channels), dimension -2.</summary>
    public static Axis Patches { get; } = new(-2);

    /// <summary>A dimension.</summary>
    /// <param name="dim">The dimension, counted from the end.</param>
    /// <exception cref="ArgumentException">The dimension is not counted from the end.</exception>
    public static Axis Of(int dim)
    {
        Dimensions.CheckFromEnd(nameof(Axis), dim);
        return new(dim);
    }

    /// <summary>The dimension that this axis is in a shape, counted from the end.</summary>
    /// <exception cref="ShapeException">The shape has no such axis.</exception>
    public int In(Shape shape)
    {
        var dim = _dim != 0 ? _dim : shape.Rank == 3 ? -3 : -1;
        return shape.Rank >= -dim
            ? dim
            : throw new ShapeException($"Axis.{this}", $"expected a shape with dimension {dim}", $"got {shape}");
    }

    /// <summary><c>Channels</c>, <c>Patches</c> or <c>Of(dim)</c>.</summary>
    public override string ToString() => _dim switch
    {
        0 => nameof(Channels),
        -2 => nameof(Patches),
        _ => $"Of({_dim})",
    };
}
