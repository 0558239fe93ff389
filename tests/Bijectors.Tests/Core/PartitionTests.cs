using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

public sealed class PartitionTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string, long, long[], long[]> Vectors => new()
    {
        { "Halves", 4, [0, 1], [2, 3] },
        { "Halves", 5, [0, 1, 2], [3, 4] },
        { "Halves", 2, [0], [1] },
        { "First", 5, [0, 1], [2, 3, 4] },
        { "Alternating", 4, [0, 2], [1, 3] },
        { "Alternating", 5, [0, 2, 4], [1, 3] },
        { "Alternating", 2, [0], [1] },
        { "Alternating", 3, [0, 2], [1] },
    };

    public void Dispose() => _scope.Dispose();

    private static Partition Named(string name, int dim) => name switch
    {
        "Halves" => Partition.Halves(dim),
        "First" => Partition.First(2, dim),
        _ => Partition.Alternating(dim),
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Entries_go_where_they_should_and_come_back(string name, long size, long[] first, long[] second)
    {
        foreach (var (dim, rows) in new[] { (-1, 1), (-2, 3) })
        {
            var partition = Named(name, dim);
            Assert.Equal(-dim, partition.EventRank);
            var x = arange(size).unsqueeze(-1).expand(2, size, rows).contiguous();
            x = dim == -1 ? x.squeeze(-1) : x;
            var (a, b) = partition.Split(x);
            Assert.Equal(first, a.select(0, 1).reshape(first.Length, rows).select(1, 0).data<long>().ToArray());
            Assert.Equal(second, b.select(0, 1).reshape(second.Length, rows).select(1, 0).data<long>().ToArray());
            Assert.True(partition.Join(a, b).Equals(x));
            var (c, d) = partition.Swapped().Split(x);
            Assert.True(c.Equals(b) && d.Equals(a));
            Assert.True(partition.Swapped().Join(c, d).Equals(x));

            var whole = dim == -1 ? Shape.Vector(size) : Shape.Of(size, rows);
            var parts = (whole.With(dim, first.Length), whole.With(dim, second.Length));
            Assert.Equal(parts, partition.Split(whole));
            Assert.Equal(whole, partition.Join(parts.Item1, parts.Item2));
            Assert.Equal((parts.Item2, parts.Item1), partition.Swapped().Split(whole));
            Assert.Equal(whole, partition.Swapped().Join(parts.Item2, parts.Item1));
        }
    }

    [Fact]
    public void Both_parts_have_an_entry()
    {
        Assert.Equal("Halves(-1): expected more than 1 entries along dimension -1, got (1).",
            Message(() => Partition.Halves().Split(Shape.Vector(1))));
        Assert.Equal("First(2, -1): expected more than 2 entries along dimension -1, got (2).",
            Message(() => Partition.First(2).Split(Shape.Vector(2))));
        Assert.Throws<ShapeException>(() => Partition.First(0).Split(Shape.Vector(2)));
        Assert.Equal((Shape.Vector(2), Shape.Vector(1)), Partition.First(2).Split(Shape.Vector(3)));
        Assert.Equal("Alternating(-1): expected more than 1 entry along dimension -1, got (1).",
            Message(() => Partition.Alternating().Split(Shape.Vector(1))));
        foreach (var make in (Func<int, Partition>[])[dim => Partition.Halves(dim), dim => Partition.First(1, dim),
            dim => Partition.Alternating(dim)])
        {
            Assert.Throws<ArgumentException>(() => make(0));
        }
    }

    [Fact]
    public void Parts_of_different_wholes_are_refused()
    {
        Assert.Equal(
            "Halves(-1): expected parts (2) and (2), got (1) and (3).",
            Message(() => Partition.Halves().Join(Shape.Vector(1), Shape.Vector(3))));
        Assert.Throws<ShapeException>(() => Partition.Halves(-2).Join(Shape.Of(2, 3), Shape.Of(2, 4)));
        Assert.Throws<ShapeException>(() => Partition.Alternating().Join(Shape.Vector(1), Shape.Vector(2)));
        Assert.Throws<ShapeException>(() => Partition.Checkerboard.Join(Shape.Image(1, 2, 2), Shape.Image(1, 2, 3)));
    }

    [Fact]
    public void Squares_of_a_checkerboard_alternate_along_rows_and_columns()
    {
        var x = arange(2 * 3 * 4).reshape(2, 3, 4);
        var (black, white) = Partition.Checkerboard.Split(x);
        Assert.Equal([12L, 14, 17, 19, 20, 22], black[1].flatten().data<long>().ToArray());
        Assert.Equal([13L, 15, 16, 18, 21, 23], white[1].flatten().data<long>().ToArray());
        Assert.True(Partition.Checkerboard.Join(black, white).Equals(x));
        var batch = x.expand(5, 6, 2, 3, 4);
        var (blacks, whites) = Partition.Checkerboard.Split(batch);
        Assert.True(blacks.Equals(black.expand(5, 6, 2, 3, 2)) && whites.Equals(white.expand(5, 6, 2, 3, 2)));
        Assert.True(Partition.Checkerboard.Join(blacks, whites).Equals(batch));
        Assert.Equal(3, Partition.Checkerboard.Swapped().EventRank);
        Assert.Equal((Shape.Image(2, 3, 2), Shape.Image(2, 3, 2)), Partition.Checkerboard.Split(Shape.Image(2, 3, 4)));
        Assert.Equal(Shape.Image(2, 3, 4), Partition.Checkerboard.Join(Shape.Image(2, 3, 2), Shape.Image(2, 3, 2)));
        Assert.Equal(
            "Checkerboard: expected an image (channels, height, width) of even width, got (2, 3, 5).",
            Message(() => Partition.Checkerboard.Split(Shape.Image(2, 3, 5))));
        Assert.Throws<ShapeException>(() => Partition.Checkerboard.Split(Shape.Of(3, 4)));
    }

    [Fact]
    public void Swapping_twice_is_not_swapping()
    {
        var halves = Partition.Halves();
        Assert.Same(halves, halves.Swapped().Swapped());
        Assert.Equal("Halves(-1).Swapped()", halves.Swapped().ToString());
    }

    private static string Message(Func<object> action) => Assert.Throws<ShapeException>(action).Message;

    [Fact]
    public void No_part_is_empty()
    {
        Assert.Throws<ShapeException>(() => Partition.First(0).Split(Shape.Vector(3)));
        Assert.Throws<ShapeException>(() => Partition.First(3).Split(Shape.Vector(3)));
    }
}
