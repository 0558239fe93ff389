using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Language;

public sealed class PartsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(3, new long[] { 1, 1, 1 })]
    [InlineData(4, new long[] { 2, 1, 1 })]
    [InlineData(5, new long[] { 2, 2, 1 })]
    [InlineData(7, new long[] { 3, 2, 2 })]
    public void Thirds_are_as_equal_as_they_can_be(long whole, long[] sizes)
    {
        var x = arange(2 * whole * 2).reshape(2, whole, 2);
        var (a, b, c) = Parts.Thirds(x, -2);
        Assert.Equal(sizes, new[] { a, b, c }.Select(part => part.shape[1]));
        Assert.True(Parts.Join(a, b, c, -2).Equals(x));
        var shapes = Parts.Thirds(Shape.Of(whole, 2), -2);
        Assert.Equal((Shape.Of(sizes[0], 2), Shape.Of(sizes[1], 2), Shape.Of(sizes[2], 2)), shapes);
        Assert.Equal(Shape.Of(whole, 2), Parts.Join(shapes.First, shapes.Second, shapes.Third, -2));
    }

    [Theory]
    [InlineData(4, new long[] { 1, 1, 1, 1 })]
    [InlineData(6, new long[] { 2, 2, 1, 1 })]
    [InlineData(7, new long[] { 2, 2, 2, 1 })]
    public void Quarters_are_as_equal_as_they_can_be(long whole, long[] sizes)
    {
        var x = arange(2 * whole * 2).reshape(2, whole, 2);
        var (a, b, c, d) = Parts.Quarters(x, -2);
        Assert.Equal(sizes, new[] { a, b, c, d }.Select(part => part.shape[1]));
        Assert.True(Parts.Join(a, b, c, d, -2).Equals(x));
        var shapes = Parts.Quarters(Shape.Of(whole, 2), -2);
        Assert.Equal(
            (Shape.Of(sizes[0], 2), Shape.Of(sizes[1], 2), Shape.Of(sizes[2], 2), Shape.Of(sizes[3], 2)), shapes);
        Assert.Equal(Shape.Of(whole, 2), Parts.Join(shapes.First, shapes.Second, shapes.Third, shapes.Fourth, -2));
    }

    [Fact]
    public void Parts_that_are_not_those_of_a_whole_are_refused()
    {
        Shape V(long size) => Shape.Vector(size);
        Assert.Equal(
            "Join: expected the thirds of (4), got (1) and (1) and (2).",
            Message(() => Parts.Join(V(1), V(1), V(2))));
        Assert.Equal(
            "Join: expected the quarters of (5), got (1) and (1) and (1) and (2).",
            Message(() => Parts.Join(V(1), V(1), V(1), V(2))));
        Assert.Equal(
            "Thirds: expected 3 or more entries along dimension -1, got (2).", Message(() => Parts.Thirds(V(2))));
        Assert.Equal(
            "Quarters: expected 4 or more entries along dimension -1, got (3).", Message(() => Parts.Quarters(V(3))));
        Assert.Equal(
            "Flip: expected a dimension counted from the end (-1, -2, ...) of the shape, here (2), got -2.",
            Message(() => Parts.Flip(V(2), -2)));
        Assert.Throws<ShapeException>(() => Parts.Flip(V(2), 0));
        Assert.Equal(Shape.Of(2, 3), Parts.Flip(Shape.Of(2, 3), -2));
        Assert.Throws<ShapeException>(() => Parts.Join(Shape.Of(2, 1), Shape.Of(3, 1), Shape.Of(2, 1)));
    }

    [Fact]
    public void Reshaping_wants_the_declared_sizes()
    {
        var (from, to) = (Shape.Of(2, 6), Shape.Of(3, 2, 2));
        Assert.Equal(Shape.Of(5, 3, 2, 2), Parts.Reshape(Shape.Of(5, 2, 6), from, to));
        Assert.Equal(to, Parts.Reshape(from, from, to));
        Assert.Equal("Reshape: expected (2, 6), got (6, 2).", Message(() => Parts.Reshape(Shape.Of(6, 2), from, to)));
        Assert.Equal("Reshape: expected (2, 6), got (6).", Message(() => Parts.Reshape(Shape.Of(6), from, to)));
        Assert.Equal(
            "Reshape: expected 12 elements on both sides, got (5, 2) with 10.",
            Message(() => Parts.Reshape(from, from, Shape.Of(5, 2))));
    }

    [Fact]
    public void Entries_are_taken_in_the_order_that_is_given()
    {
        var (order, inverse) = (tensor([2L, 0, 1]), tensor([1L, 2, 0]));
        var x = arange(6).reshape(3, 2);
        var y = Parts.Permute(x, order, inverse, -2);
        Assert.Equal([4L, 5, 0, 1, 2, 3], y.flatten().data<long>().ToArray());
        Assert.True(Parts.Permute(y, inverse, order, -2).Equals(x));
        Assert.Equal(Shape.Of(3, 2), Parts.Permute(Shape.Of(3, 2), order, inverse, -2));
        Assert.Equal(
            "Permute: expected 3 entries along dimension -1, got (3, 2).",
            Message(() => Parts.Permute(Shape.Of(3, 2), order, inverse)));
        Assert.True(Parts.RollBack(Parts.Roll(x, 1, -2), 1, -2).Equals(x));
        Assert.Equal([4L, 5, 0, 1, 2, 3], Parts.Roll(x, 1, -2).flatten().data<long>().ToArray());
    }

    [Fact]
    public void Shapes_go_where_dimensions_go()
    {
        var x = zeros(7, 2, 3, 4);
        var shape = Shape.Of(7, 2, 3, 4);
        for (var from = -4; from < 0; from++)
        {
            for (var to = -4; to < 0; to++)
            {
                Assert.Equal(Shape.Of(Parts.MoveDim(x, from, to).shape), Parts.MoveDim(shape, from, to));
                Assert.Equal(Shape.Of(Parts.Transpose(x, from, to).shape), Parts.Transpose(shape, from, to));
            }
        }

        Assert.Throws<ShapeException>(() => Parts.MoveDim(shape, -5, -1));
        Assert.Throws<ShapeException>(() => Parts.MoveDim(shape, -1, -5));
        Assert.Throws<ShapeException>(() => Parts.Transpose(shape, -5, -1));
        Assert.Throws<ShapeException>(() => Parts.Transpose(shape, -1, -5));
    }

    [Fact]
    public void Space_goes_to_depth_as_torch_has_it()
    {
        var x = arange(2 * 3 * 4 * 6).reshape(2, 3, 4, 6).to(ScalarType.Float32);
        var y = Parts.SpaceToDepth(x, 2);
        Assert.True(y.Equals(nn.functional.pixel_unshuffle(x, 2)));
        Assert.True(Parts.DepthToSpace(y, 2).Equals(x));
        Assert.True(Parts.SpaceToDepth(x[1], 2).Equals(y[1]));
        Assert.True(Parts.DepthToSpace(y[1], 2).Equals(x[1]));
        Assert.True(Parts.SpaceToDepth(x.unsqueeze(0), 2).Equals(y.unsqueeze(0)));
        Assert.True(Parts.DepthToSpace(y.unsqueeze(0), 2).Equals(x.unsqueeze(0)));
        Assert.Equal(Shape.Of(12, 2, 3), Parts.SpaceToDepth(Shape.Of(3, 4, 6), 2));
        Assert.Equal(Shape.Of(3, 4, 6), Parts.DepthToSpace(Shape.Of(12, 2, 3), 2));
        Assert.Equal(Shape.Of(5, 3, 4, 6), Parts.DepthToSpace(Shape.Of(5, 12, 2, 3), 2));
        Assert.Throws<ShapeException>(() => Parts.SpaceToDepth(Shape.Of(3, 4, 5), 2));
        Assert.Throws<ShapeException>(() => Parts.SpaceToDepth(Shape.Of(3, 5, 4), 2));
        Assert.Throws<ShapeException>(() => Parts.DepthToSpace(Shape.Of(6, 4, 4), 2));
        Assert.StartsWith("Squeeze: expected an image", Message(() => Parts.SpaceToDepth(Shape.Of(4, 4), 2)),
            StringComparison.Ordinal);
        Assert.Equal(
            "Unsqueeze: expected an image (channels, height, width) with channels divisible by 4, got (4, 4).",
            Message(() => Parts.DepthToSpace(Shape.Of(4, 4), 2)));
    }

    [Fact]
    public void What_is_packed_comes_out_again()
    {
        var (first, second) = (Shape.Of(2, 3), Shape.Of(4));
        var (a, b) = (randn(5, 2, 3), randn(5, 4));
        var packed = Parts.Pack(a, b, first, second);
        Assert.Equal([5, 10], packed.shape);
        var (c, d) = Parts.Unpack(packed, first, second);
        Assert.True(c.Equals(a) && d.Equals(b));
        var batch = Parts.Pack(a.expand(7, 5, 2, 3), b.expand(7, 5, 4), first, second);
        Assert.True(batch.Equals(packed.expand(7, 5, 10)));
        (c, d) = Parts.Unpack(batch, first, second);
        Assert.True(c.Equals(a.expand(7, 5, 2, 3)) && d.Equals(b.expand(7, 5, 4)));
        Assert.Equal(Shape.Of(7, 10), Parts.Pack(Shape.Of(7, 2, 3), Shape.Of(7, 4), first, second));
        Assert.Equal(Shape.Vector(10), Parts.Pack(first, second, first, second));
        Assert.Equal((Shape.Of(7, 2, 3), Shape.Of(7, 4)), Parts.Unpack(Shape.Of(7, 10), first, second));
        Assert.Equal((first, second), Parts.Unpack(Shape.Vector(10), first, second));
        Assert.Equal("Pack: expected parts (2, 3) and (4), got (3) and (4).",
            Message(() => Parts.Pack(Shape.Of(3), second, first, second)));
        Assert.Throws<ShapeException>(() => Parts.Pack(Shape.Of(3, 2), second, first, second));
        Assert.Throws<ShapeException>(() => Parts.Pack(first, Shape.Of(5), first, second));
        Assert.Throws<ShapeException>(() => Parts.Pack(Shape.Of(7, 2, 3), second, first, second));
        Assert.Equal(
            "Unpack: expected 10 entries, got (9).", Message(() => Parts.Unpack(Shape.Vector(9), first, second)));
        Assert.Equal("Unpack: expected 10 entries, got ().", Message(() => Parts.Unpack(Shape.Scalar, first, second)));
    }

    private static string Message(Func<object> action) => Assert.Throws<ShapeException>(action).Message;
}
