namespace Bijectors.Testing;

/// <summary>The event shape to check on where the user gave none.</summary>
internal static class SmallShapes
{
    private static readonly Shape[] s_shapes =
    [
        Shape.Vector(3), Shape.Vector(4), Shape.Vector(2),
        .. Enumerable.Range(5, 12).Select(size => Shape.Vector(size)), Shape.Vector(1), Shape.Of(3, 4), Shape.Of(4, 4),
        Shape.Of(2, 3), Shape.Of(4, 2), Shape.Of(2, 2),
        // What mistakes the height for the width shows where they differ.
        Shape.Image(2, 4, 2), Shape.Image(1, 4, 2), Shape.Image(3, 4, 2), Shape.Image(4, 4, 2),
        Shape.Image(2, 4, 4), Shape.Image(1, 4, 4), Shape.Image(3, 4, 4), Shape.Image(4, 2, 2), Shape.Image(1, 8, 8),
    ];

    public static Shape Fitting(Func<int, Bijector> factory, int seed)
    {
        using var f = factory(seed);
        foreach (var shape in s_shapes)
        {
            if (shape.Rank >= f.EventRank && Fits(f.OutputShape, shape))
            {
                return shape;
            }
        }

        throw new ArgumentException($"LawCase: no small shape fits {f}; give the event shape to check on.");
    }

    /// <summary>Whether what declares a shape for another one takes it.</summary>
    internal static bool Fits(Func<Shape, Shape> declare, Shape shape)
    {
        try
        {
            declare(shape);
            return true;
        }
        catch (ShapeException)
        {
            return false;
        }
    }
}
