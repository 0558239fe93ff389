namespace Bijectors.Tests.Core;

public sealed class ShapeTests
{
    private static readonly Shape s_image = Shape.Image(2, 4, 8);

    [Fact]
    public void Sizes_are_counted_from_both_ends()
    {
        Assert.Equal((3, 64), (s_image.Rank, s_image.Size));
        Assert.Equal([2, 4, 8], new[] { s_image[0], s_image[-2], s_image[2] });
        Assert.Equal((0, 1), (Shape.Scalar.Rank, Shape.Scalar.Size));
        Assert.Equal((0, 1), (default(Shape).Rank, default(Shape).Size));
    }

    [Fact]
    public void Dimensions_and_sizes_that_are_not_there_are_refused()
    {
        Assert.Equal("Shape: expected a shape with dimension 3, got (2, 4, 8).",
            Assert.Throws<ShapeException>(() => s_image[3]).Message);
        Assert.Equal("Shape: expected a shape with dimension -4, got (2, 4, 8).",
            Assert.Throws<ShapeException>(() => s_image[-4]).Message);
        Assert.Throws<ShapeException>(() => Shape.Scalar[-1]);
        Assert.Throws<ShapeException>(() => s_image.With(3, 1));
        Assert.Equal(
            "Shape: expected positive sizes, got (2, 0).", Assert.Throws<ShapeException>(() => Shape.Of(2, 0)).Message);
        Assert.Throws<ShapeException>(() => Shape.Vector(-1));
        Assert.Throws<ShapeException>(() => s_image.With(-1, 0));
    }

    [Fact]
    public void Shapes_are_taken_apart_and_put_together()
    {
        Assert.Equal(Shape.Of(2), s_image.Leading(2));
        Assert.Equal(Shape.Of(4, 8), s_image.Trailing(2));
        Assert.Equal(s_image, s_image.Leading(2).Then(s_image.Trailing(2)));
        Assert.Equal(Shape.Of(2, 4, 3), s_image.With(-1, 3));
        Assert.Equal(Shape.Of(5, 4, 8), s_image.With(0, 5));
        Assert.Equal("(2, 4, 8)", s_image.ToString());
        Assert.Equal("()", default(Shape).ToString());
    }

    [Fact]
    public void Equal_sizes_are_equal_shapes()
    {
        var same = Shape.Of(2, 4, 8);
        Assert.True(s_image == same && !(s_image != same) && s_image.Equals((object)same));
        Assert.Equal(s_image.GetHashCode(), same.GetHashCode());
        Assert.False(s_image == Shape.Of(2, 8, 4) || s_image.Equals((object)2L));
        Assert.True(s_image != Shape.Of(2, 4));
        Assert.NotEqual(Shape.Of(2, 4).GetHashCode(), Shape.Of(4, 2).GetHashCode());
        Assert.True(default(Shape) == Shape.Scalar);
    }
}
