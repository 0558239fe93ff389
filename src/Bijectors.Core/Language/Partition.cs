using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A way to take an event apart into two parts and to put it together again: <c>Join(Split(x)) = x</c>, and
/// <c>Split(Join(a, b)) = (a, b)</c>. Nothing is computed, elements only change place.
/// </summary>
/// <remarks>One partition serves tensors and shapes alike, so that shapes are known before anything runs.</remarks>
public abstract class Partition
{
    /// <summary>
    /// A partition of one's own. <see cref="object.ToString"/> tells it from others: two partitions of one text are
    /// taken for the same, where domains of parts are compared.
    /// </summary>
    protected Partition()
    {
    }

    /// <summary>How many last dimensions it needs; those before them are batch.</summary>
    public abstract int EventRank { get; }

    /// <summary>The first <c>ceil(D/2)</c> entries along a dimension, and the rest.</summary>
    /// <param name="dim">The dimension, counted from the end: -1 features, -3 the channels of an image.</param>
    public static Partition Halves(int dim = -1) => new HalvesPartition(Negative(dim));

    /// <summary>
    /// The halves, for a coupling: of a single entry nothing is read and the entry is mapped, where a network reads the
    /// context in place of the part.
    /// </summary>
    public static Partition OfCoupling(int dim, long contextSize) =>
        new HalvesPartition(dim, ofOne: contextSize > 0 ? OfOne.Mapped : OfOne.Refused);

    /// <summary>The first <paramref name="size"/> entries along a dimension, and the rest.</summary>
    /// <param name="size">How many entries the first part has.</param>
    /// <param name="dim">The dimension, counted from the end.</param>
    public static Partition First(long size, int dim = -1) => new HalvesPartition(Negative(dim), size);

    /// <summary>The entries at even and at odd places along a dimension.</summary>
    /// <param name="dim">The dimension, counted from the end.</param>
    public static Partition Alternating(int dim = -1) => new AlternatingPartition(Negative(dim));

    /// <summary>
    /// The black and the white squares of an image of even width, each as an image of half the width. Source: Dinh,
    /// Sohl-Dickstein, Bengio 2017, Density estimation using Real NVP, arXiv 1605.08803, figure 3; packed side by side
    /// as in Flow++, arXiv 1902.00275.
    /// </summary>
    public static Partition Checkerboard { get; } = new CheckerboardPartition();

    /// <summary>The same partition with the two parts in the other order.</summary>
    public Partition Swapped() => this is SwappedPartition s ? s.Inner : new SwappedPartition(this);

    /// <summary>Takes points apart. Elements only change place, those of a batch alike.</summary>
    /// <param name="x">Points, <c>(batch..., event...)</c>; their shape has been checked by
    /// <see cref="Split(Shape)"/>.</param>
    /// <returns>Both parts, <c>(batch..., part...)</c>, fresh or views; they are the caller's to dispose.</returns>
    [Reindexing(nameof(Join))]
    public abstract (Tensor First, Tensor Second) Split(Tensor x);

    /// <summary>Puts points together.</summary>
    /// <param name="first">The first parts, <c>(batch..., part...)</c>.</param>
    /// <param name="second">The second parts, with the same batch.</param>
    /// <returns>A fresh tensor <c>(batch..., event...)</c>.</returns>
    [Reindexing(nameof(Split))]
    public abstract Tensor Join(Tensor first, Tensor second);

    /// <summary>The shapes of the two parts.</summary>
    /// <param name="x">A shape of at least <see cref="EventRank"/> dimensions.</param>
    /// <exception cref="ShapeException">The shape cannot be taken apart this way.</exception>
    public abstract (Shape First, Shape Second) Split(Shape x);

    /// <summary>The shape of the whole.</summary>
    /// <exception cref="ShapeException">The parts do not fit together.</exception>
    public abstract Shape Join(Shape first, Shape second);

    private static int Negative(int dim) =>
        dim < 0 ? dim : throw new ArgumentException(
            $"Partition: expected a dimension counted from the end (-1, -2, ...), got {dim}.");

    /// <summary>For <see cref="Join(Shape, Shape)"/>: a whole, if splitting it gives the parts back.</summary>
    /// <param name="whole">The shape of the whole.</param>
    /// <param name="first">The shape of the first part.</param>
    /// <param name="second">The shape of the second part.</param>
    /// <exception cref="ShapeException">Splitting the whole gives other parts, or is not possible.</exception>
    protected Shape Joined(Shape whole, Shape first, Shape second)
    {
        var (a, b) = Split(whole);
        return a == first && b == second
            ? whole
            : throw new ShapeException(ToString()!, $"expected parts {a} and {b}", $"got {first} and {second}");
    }

    /// <summary>What the halves of a single entry are.</summary>
    private enum OfOne
    {
        None,
        Mapped,
        Refused,
    }

    private sealed class HalvesPartition(int dim, long? size = null, OfOne ofOne = OfOne.None) : Partition
    {
        private readonly int _dim = dim;
        private readonly long? _size = size;
        private readonly OfOne _ofOne = ofOne;

        public override int EventRank => -_dim;

        public override (Tensor First, Tensor Second) Split(Tensor x)
        {
            var total = x.size(_dim);
            var first = FirstSize(total);

            // One node with two results: two views would each carry a whole gradient back, to be added up.
            var parts = x.split([first, total - first], _dim);
            return (parts[0], parts[1]);
        }

        public override Tensor Join(Tensor first, Tensor second) => cat([first, second], _dim);

        public override (Shape First, Shape Second) Split(Shape x)
        {
            var first = FirstSize(x[_dim]);
            if (first == 0 && _ofOne == OfOne.Mapped)
            {
                return (x.WithNone(_dim), x);
            }

            if (x[_dim] == 1 && _ofOne == OfOne.Refused)
            {
                throw new ShapeException(
                    ToString(),
                    $"expected more than 1 entry along dimension {_dim}, to read some and map "
                    + "the others, or a network that "
                    + "reads a context instead",
                    $"got {x}");
            }

            return first > 0 && first < x[_dim]
                ? (x.With(_dim, first), x.With(_dim, x[_dim] - first))
                : throw new ShapeException(
                    ToString(), $"expected more than {_size ?? 1} entries along dimension {_dim}", $"got {x}");
        }

        public override Shape Join(Shape first, Shape second) =>
            Joined(second.With(_dim, first[_dim] + second[_dim]), first, second);

        public override string ToString() => _size is null ? $"Halves({_dim})" : $"First({_size}, {_dim})";

        private long FirstSize(long total) => _size ?? (total == 1 && _ofOne == OfOne.Mapped ? 0 : (total + 1) / 2);
    }

    private sealed class CheckerboardPartition : Partition
    {
        public override int EventRank => 3;

        // Pairs of neighbours along a row are (black, white) on even rows and (white, black) on odd rows; flipping the
        // pairs of odd rows lines the colours up, and doing it twice is doing nothing.
        public override (Tensor First, Tensor Second) Split(Tensor x)
        {
            using var scope = NewDisposeScope();
            var pairs = x.unflatten(x.dim() - 1, [x.size(-1) / 2, 2]);
            var even = pairs.select(-1, 0);
            var odd = pairs.select(-1, 1);
            var black = OddRows(x);
            return (where(black, odd, even).MoveToOuterDisposeScope(),
                where(black, even, odd).MoveToOuterDisposeScope());
        }

        public override Tensor Join(Tensor first, Tensor second)
        {
            using var scope = NewDisposeScope();
            var odd = OddRows(first);
            var even = where(odd, second, first);
            var rest = where(odd, first, second);
            return stack([even, rest], -1).flatten(-2, -1).MoveToOuterDisposeScope();
        }

        public override (Shape First, Shape Second) Split(Shape x) =>
            x.Rank >= 3 && x[-1] % 2 == 0
                ? (x.With(-1, x[-1] / 2), x.With(-1, x[-1] / 2))
                : throw new ShapeException(
                    ToString(), "expected an image (channels, height, width) of even width", $"got {x}");

        public override Shape Join(Shape first, Shape second) => Joined(first.With(-1, 2 * first[-1]), first, second);

        public override string ToString() => "Checkerboard";

        private static Tensor OddRows(Tensor image) =>
            (arange(image.size(-2), device: image.device) % 2 == 1).unsqueeze(-1);
    }

    private sealed class SwappedPartition(Partition inner) : Partition
    {
        public Partition Inner => inner;

        public override int EventRank => inner.EventRank;

        public override (Tensor First, Tensor Second) Split(Tensor x)
        {
            var (first, second) = inner.Split(x);
            return (second, first);
        }

        public override Tensor Join(Tensor first, Tensor second) => inner.Join(second, first);

        public override (Shape First, Shape Second) Split(Shape x)
        {
            var (first, second) = inner.Split(x);
            return (second, first);
        }

        public override Shape Join(Shape first, Shape second) => inner.Join(second, first);

        public override string ToString() => $"{inner}.Swapped()";
    }
}
