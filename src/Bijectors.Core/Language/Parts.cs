using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The re-indexings of the forward language. Each stands twice, on tensors and on shapes, and names its inverse for the
/// compiler, which writes <see cref="Bijector.OutputShape"/> from the second and inverts the first.
/// </summary>
public static class Parts
{
    /// <summary>
    /// The halves of a point along a dimension, see <see cref="Partition.Halves"/>;
    /// <see cref="Join(Tensor, Tensor, int)"/> undoes it.
    /// </summary>
    [Reindexing(nameof(Join), 1)]
    public static (Tensor First, Tensor Second) Halves(Tensor x, int dim = -1) => Partition.Halves(dim).Split(x);

    /// <summary>The shapes of the halves.</summary>
    public static (Shape First, Shape Second) Halves(Shape x, int dim = -1) => Partition.Halves(dim).Split(x);

    /// <summary>Puts halves together.</summary>
    [Reindexing(nameof(Halves), 2)]
    public static Tensor Join(Tensor first, Tensor second, int dim = -1) => Partition.Halves(dim).Join(first, second);

    /// <summary>The shape of the whole.</summary>
    public static Shape Join(Shape first, Shape second, int dim = -1) => Partition.Halves(dim).Join(first, second);

    /// <summary>
    /// Three parts along a dimension, as equal as they can be, the longer ones first;
    /// <see cref="Join(Tensor, Tensor, Tensor, int)"/> undoes it.
    /// </summary>
    [Reindexing(nameof(Join), 1)]
    public static (Tensor First, Tensor Second, Tensor Third) Thirds(Tensor x, int dim = -1)
    {
        var sizes = Sizes(x.size((int)x.dim() + dim), 3);
        var parts = x.split(sizes, dim);
        return (parts[0], parts[1], parts[2]);
    }

    /// <summary>The shapes of the thirds.</summary>
    /// <exception cref="ShapeException">There are fewer than three entries.</exception>
    public static (Shape First, Shape Second, Shape Third) Thirds(Shape x, int dim = -1)
    {
        var sizes = Sizes(Has(x, dim, nameof(Thirds), 3)[dim], 3);
        return (x.With(dim, sizes[0]), x.With(dim, sizes[1]), x.With(dim, sizes[2]));
    }

    /// <summary>Puts thirds together.</summary>
    [Reindexing(nameof(Thirds), 3)]
    public static Tensor Join(Tensor first, Tensor second, Tensor third, int dim = -1) =>
        cat([first, second, third], dim);

    /// <summary>The shape of the whole.</summary>
    /// <exception cref="ShapeException">The parts are not thirds of one whole.</exception>
    public static Shape Join(Shape first, Shape second, Shape third, int dim = -1)
    {
        var whole = Whole(dim, first, second, third);
        return Thirds(whole, dim) == (first, second, third)
            ? whole
            : throw Misfit(whole, "thirds", first, second, third);
    }

    /// <summary>
    /// Four parts along a dimension, as equal as they can be, the longer ones first;
    /// <see cref="Join(Tensor, Tensor, Tensor, Tensor, int)"/> undoes it.
    /// </summary>
    [Reindexing(nameof(Join), 1)]
    public static (Tensor First, Tensor Second, Tensor Third, Tensor Fourth) Quarters(Tensor x, int dim = -1)
    {
        var sizes = Sizes(x.size((int)x.dim() + dim), 4);
        var parts = x.split(sizes, dim);
        return (parts[0], parts[1], parts[2], parts[3]);
    }

    /// <summary>The shapes of the quarters.</summary>
    /// <exception cref="ShapeException">There are fewer than four entries.</exception>
    public static (Shape First, Shape Second, Shape Third, Shape Fourth) Quarters(Shape x, int dim = -1)
    {
        var sizes = Sizes(Has(x, dim, nameof(Quarters), 4)[dim], 4);
        return (x.With(dim, sizes[0]), x.With(dim, sizes[1]), x.With(dim, sizes[2]), x.With(dim, sizes[3]));
    }

    /// <summary>Puts quarters together.</summary>
    [Reindexing(nameof(Quarters), 4)]
    public static Tensor Join(Tensor first, Tensor second, Tensor third, Tensor fourth, int dim = -1) =>
        cat([first, second, third, fourth], dim);

    /// <summary>The shape of the whole.</summary>
    /// <exception cref="ShapeException">The parts are not quarters of one whole.</exception>
    public static Shape Join(Shape first, Shape second, Shape third, Shape fourth, int dim = -1)
    {
        var whole = Whole(dim, first, second, third, fourth);
        return Quarters(whole, dim) == (first, second, third, fourth)
            ? whole
            : throw Misfit(whole, "quarters", first, second, third, fourth);
    }

    /// <summary>
    /// Reads the last dimensions, of sizes <paramref name="from"/>, as <paramref name="to"/>, in row-major order.
    /// </summary>
    [Reindexing(nameof(Reshape), 2, 1, ChangesRank = true)]
    public static Tensor Reshape(Tensor x, Shape from, Shape to) =>
        x.reshape([.. x.shape.AsSpan()[..^from.Rank], .. to.ToArray()]);

    /// <summary>The shape afterwards.</summary>
    /// <exception cref="ShapeException">The last dimensions are not <paramref name="from"/>, or the sizes
    /// differ.</exception>
    public static Shape Reshape(Shape x, Shape from, Shape to)
    {
        if (x.Rank < from.Rank || x.Trailing(from.Rank) != from)
        {
            throw new ShapeException("Reshape", $"expected {from}", $"got {x}");
        }

        return from.Size == to.Size
            ? x.Leading(from.Rank).Then(to)
            : throw new ShapeException(
                "Reshape", $"expected {from.Size} elements on both sides", $"got {to} with {to.Size}");
    }

    /// <summary>Reverses the order of the entries along a dimension.</summary>
    [Reindexing(nameof(Flip), 1)]
    public static Tensor Flip(Tensor x, int dim = -1) => x.flip(dim);

    /// <summary>The shape afterwards: the same.</summary>
    public static Shape Flip(Shape x, int dim = -1) => Has(x, dim, nameof(Flip));

    /// <summary>
    /// Shifts the entries along a dimension, cyclically: entry i goes to place i + <paramref name="shift"/>.
    /// </summary>
    [Reindexing(nameof(RollBack), 1, 2)]
    public static Tensor Roll(Tensor x, long shift, int dim = -1) => x.roll(shift, dim);

    /// <summary>The shape afterwards: the same.</summary>
    public static Shape Roll(Shape x, long shift, int dim = -1) => Has(x, dim, nameof(Roll));

    /// <summary>Undoes <see cref="Roll(Tensor, long, int)"/>.</summary>
    [Reindexing(nameof(Roll), 1, 2)]
    public static Tensor RollBack(Tensor x, long shift, int dim = -1) => x.roll(-shift, dim);

    /// <summary>The shape afterwards: the same.</summary>
    public static Shape RollBack(Shape x, long shift, int dim = -1) => Has(x, dim, nameof(RollBack));

    /// <summary>
    /// Takes the entries along a dimension in another order: entry i is the old entry <c>order[i]</c>.
    /// </summary>
    /// <param name="x">The point.</param>
    /// <param name="order">A permutation of 0..D-1, int64.</param>
    /// <param name="dim">The dimension, counted from the end.</param>
    [Reindexing(nameof(PermuteBack), 1, 2)]
    public static Tensor Permute(Tensor x, Tensor order, int dim = -1) => x.index_select(x.dim() + dim, order);

    /// <summary>The shape afterwards: the same.</summary>
    /// <exception cref="ShapeException">The order is no permutation of the entries.</exception>
    public static Shape Permute(Shape x, Tensor order, int dim = -1) => Permuted(x, order, inverse: null, dim);

    /// <summary>Undoes <see cref="Permute(Tensor, Tensor, int)"/>.</summary>
    [Reindexing(nameof(Permute), 1, 2)]
    public static Tensor PermuteBack(Tensor x, Tensor order, int dim = -1)
    {
        using var inverse = order.argsort();
        return x.index_select(x.dim() + dim, inverse);
    }

    /// <summary>The shape afterwards: the same.</summary>
    /// <exception cref="ShapeException">The order is no permutation of the entries.</exception>
    public static Shape PermuteBack(Shape x, Tensor order, int dim = -1) => Permuted(x, order, inverse: null, dim);

    /// <summary>The same where the inverse permutation is at hand, which saves a sort in the inverse.</summary>
    /// <param name="x">The point.</param>
    /// <param name="order">A permutation of 0..D-1, int64.</param>
    /// <param name="inverseOrder">Its inverse permutation.</param>
    /// <param name="dim">The dimension, counted from the end.</param>
    [Reindexing(nameof(Permute), 2, 1, 3)]
    public static Tensor Permute(Tensor x, Tensor order, Tensor inverseOrder, int dim = -1) =>
        x.index_select(x.dim() + dim, order);

    /// <summary>The shape afterwards: the same.</summary>
    /// <exception cref="ShapeException">The order is no permutation of the entries, or the other one not its
    /// inverse.</exception>
    public static Shape Permute(Shape x, Tensor order, Tensor inverseOrder, int dim = -1) =>
        Permuted(x, order, inverseOrder, dim);

    /// <summary>Swaps two dimensions.</summary>
    [Reindexing(nameof(Transpose), 1, 2)]
    public static Tensor Transpose(Tensor x, int first, int second) => x.transpose(first, second);

    /// <summary>The shape afterwards.</summary>
    public static Shape Transpose(Shape x, int first, int second) =>
        Has(Has(x, first, nameof(Transpose)), second, nameof(Transpose)).With(first, x[second]).With(second, x[first]);

    /// <summary>Moves a dimension to another place; the others keep their order.</summary>
    /// <param name="x">The point.</param>
    /// <param name="from">The dimension, counted from the end.</param>
    /// <param name="to">Its new place, counted from the end.</param>
    [Reindexing(nameof(MoveDim), 2, 1)]
    public static Tensor MoveDim(Tensor x, int from, int to) => movedim(x, from, to);

    /// <summary>The shape afterwards.</summary>
    public static Shape MoveDim(Shape x, int from, int to)
    {
        var sizes = Has(Has(x, from, nameof(MoveDim)), to, nameof(MoveDim)).ToArray().ToList();
        var size = sizes[^-from];
        sizes.RemoveAt(sizes.Count + from);
        sizes.Insert(sizes.Count + 1 + to, size);
        return Shape.Of([.. sizes]);
    }

    /// <summary>
    /// Space to depth: <c>(c, h, w) -> (c f f, h/f, w/f)</c>; channel k f f + i f + j holds row offset i and column
    /// offset j of channel k.
    /// </summary>
    [Reindexing(nameof(DepthToSpace), 1)]
    public static Tensor SpaceToDepth(Tensor x, long factor)
    {
        // A batch of any rank, where torch's pixel_unshuffle wants one it can fold.
        using var grid = x.unflatten(x.dim() - 2, [x.size(-2) / factor, factor]);
        using var cells = grid.unflatten(grid.dim() - 1, [x.size(-1) / factor, factor]);
        var rank = (int)cells.dim();
        var order = Enumerable.Range(0, rank - 5).Select(i => (long)i)
            .Concat([rank - 5, rank - 3, rank - 1, rank - 4, rank - 2]).ToArray();
        using var moved = cells.permute(order);
        return moved.flatten(rank - 5, rank - 3);
    }

    /// <summary>The shape afterwards.</summary>
    /// <exception cref="ShapeException">Not an image, or the factor does not divide its height and width.</exception>
    public static Shape SpaceToDepth(Shape x, long factor) =>
        x.Rank >= 3 && x[-1] % factor == 0 && x[-2] % factor == 0
            ? x.With(-3, x[-3] * factor * factor).With(-2, x[-2] / factor).With(-1, x[-1] / factor)
            : throw new ShapeException(
                "Squeeze",
                $"expected an image (channels, height, width) with height and width divisible by {factor}", $"got {x}");

    /// <summary>Undoes <see cref="SpaceToDepth(Tensor, long)"/>.</summary>
    [Reindexing(nameof(SpaceToDepth), 1)]
    public static Tensor DepthToSpace(Tensor x, long factor)
    {
        using var split = x.unflatten(x.dim() - 3, [x.size(-3) / (factor * factor), factor, factor]);
        var rank = (int)split.dim();
        var order = Enumerable.Range(0, rank - 5).Select(i => (long)i)
            .Concat([rank - 5, rank - 2, rank - 4, rank - 1, rank - 3]).ToArray();
        using var moved = split.permute(order);
        using var rows = moved.flatten(rank - 2, rank - 1);
        return rows.flatten(rank - 4, rank - 3);
    }

    /// <summary>The shape afterwards.</summary>
    /// <exception cref="ShapeException">Not an image, or the channels are not divisible by the factor's
    /// square.</exception>
    public static Shape DepthToSpace(Shape x, long factor) =>
        x.Rank >= 3 && x[-3] % (factor * factor) == 0
            ? x.With(-3, x[-3] / (factor * factor)).With(-2, x[-2] * factor).With(-1, x[-1] * factor)
            : throw new ShapeException(
                "Unsqueeze",
                $"expected an image (channels, height, width) with channels divisible by {factor * factor}",
                $"got {x}");

    /// <summary>
    /// Flattens two parts of known shapes and puts them behind one another; <see cref="Unpack(Tensor, Shape, Shape)"/>
    /// undoes it.
    /// </summary>
    /// <param name="first">The first part, its event of shape <paramref name="firstShape"/>.</param>
    /// <param name="second">The second part, its event of shape <paramref name="secondShape"/>.</param>
    /// <param name="firstShape">The event shape of the first part.</param>
    /// <param name="secondShape">The event shape of the second part.</param>
    /// <returns>A vector event of both sizes together.</returns>
    [Reindexing(nameof(Unpack), 2, 3, ChangesRank = true)]
    public static Tensor Pack(Tensor first, Tensor second, Shape firstShape, Shape secondShape)
    {
        using var a = first.flatten(first.dim() - firstShape.Rank);
        using var b = second.flatten(second.dim() - secondShape.Rank);
        return cat([a, b], -1);
    }

    /// <summary>The shape of the packed vector.</summary>
    public static Shape Pack(Shape first, Shape second, Shape firstShape, Shape secondShape) =>
        first.Rank >= firstShape.Rank && first.Trailing(firstShape.Rank) == firstShape
        && second == first.Leading(firstShape.Rank).Then(secondShape)
            ? first.Leading(firstShape.Rank).Then(Shape.Vector(firstShape.Size + secondShape.Size))
            : throw new ShapeException(
                nameof(Pack), $"expected parts {firstShape} and {secondShape}", $"got {first} and {second}");

    /// <summary>Undoes <see cref="Pack(Tensor, Tensor, Shape, Shape)"/>.</summary>
    [Reindexing(nameof(Pack), 1, 2, ChangesRank = true)]
    public static (Tensor First, Tensor Second) Unpack(Tensor x, Shape firstShape, Shape secondShape)
    {
        using var a = x.narrow(-1, 0, firstShape.Size);
        using var b = x.narrow(-1, firstShape.Size, secondShape.Size);
        return (a.unflatten(a.dim() - 1, firstShape.ToArray()), b.unflatten(b.dim() - 1, secondShape.ToArray()));
    }

    /// <summary>The shapes of the parts.</summary>
    /// <exception cref="ShapeException">The vector has another length.</exception>
    public static (Shape First, Shape Second) Unpack(Shape x, Shape firstShape, Shape secondShape) =>
        x.Rank >= 1 && x[-1] == firstShape.Size + secondShape.Size
            ? (x.Leading(1).Then(firstShape), x.Leading(1).Then(secondShape))
            : throw new ShapeException(
                nameof(Unpack), $"expected {firstShape.Size + secondShape.Size} entries", $"got {x}");

    private static Shape Permuted(Shape x, Tensor order, Tensor? inverse, int dim)
    {
        var count = Has(x, dim, nameof(Permute))[dim];
        if (order.dim() != 1 || order.numel() != count)
        {
            throw new ShapeException(
                nameof(Permute), $"expected {order.numel()} entries along dimension {dim}", $"got {x}");
        }

        if (!PermutationCheck.Holds(order, inverse))
        {
            throw new ShapeException(
                nameof(Permute),
                $"expected a permutation of 0..{count - 1}{(inverse is null ? "" : " and its inverse")}",
                $"got {Shown(order)}{(inverse is null ? "" : $" and {Shown(inverse)}")}");
        }

        return x;

        static string Shown(Tensor order)
        {
            using var all = order.to(ScalarType.Int64).cpu();
            return $"({string.Join(", ", all.data<long>().Take(20))}{(all.numel() > 20 ? ", ..." : "")})";
        }
    }

    private static Shape Has(Shape x, int dim, string whose, int entries = 1) =>
        !(dim < 0 && x.Rank >= -dim)
            ? throw new ShapeException(
                whose, $"expected a dimension counted from the end (-1, -2, ...) of the shape, here {x}", $"got {dim}")
            : x[dim] < entries
            ? throw new ShapeException(whose, $"expected {entries} or more entries along dimension {dim}", $"got {x}")
            : x;

    private static long[] Sizes(long total, int count) =>
        [.. Enumerable.Range(0, count).Select(i => (total + count - 1 - i) / count)];

    private static Shape Whole(int dim, params ReadOnlySpan<Shape> parts)
    {
        var sum = 0L;
        foreach (var part in parts)
        {
            sum += Has(part, dim, nameof(Join))[dim];
        }

        return parts[0].With(dim, sum);
    }

    private static ShapeException Misfit(Shape whole, string what, params ReadOnlySpan<Shape> parts) =>
        new(nameof(Join), $"expected the {what} of {whole}", $"got {string.Join(" and ", parts.ToArray())}");
}
