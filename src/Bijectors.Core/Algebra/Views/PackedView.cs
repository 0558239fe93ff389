using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A vector as two events that were flattened and put behind one another.</summary>
/// <param name="first">The shape of the first.</param>
/// <param name="second">The shape of the second.</param>
internal sealed class PackedView(Shape first, Shape second) : View
{
    private Partition Partition => Partition.First(first.Size);

    public override IReadOnlyList<Shape> Apart(Shape whole) => whole.Rank == 1 && whole.Size == first.Size + second.Size
        ? [first, second]
        : throw new ShapeException(
            ToString(), $"expected a vector of {first.Size + second.Size} entries", $"got {whole}");

    public override Shape Together(Shape whole, IReadOnlyList<Shape> parts) =>
        Bijectors.Parts.Pack(parts[0], parts[1], first, second);

    public override IReadOnlyList<Tensor> Apart(Tensor whole)
    {
        var (a, b) = Bijectors.Parts.Unpack(whole, first, second);
        return [a, b];
    }

    public override Tensor Together(IReadOnlyList<Tensor> parts) =>
        Bijectors.Parts.Pack(parts[0], parts[1], first, second);

    public override IReadOnlyList<Domain>? Apart(Domain whole) => whole switch
    {
        Interval => [whole, whole],
        PartsDomain { First: Interval a, Second: Interval b } parts
            when parts.Partition.ToString() == Partition.ToString() => [a, b],
        _ => null,
    };

    public override Domain? Together(IReadOnlyList<Domain> parts) =>
        parts is [Interval a, Interval b] ? PartsDomain.Of(a, b, Partition) : null;

    public override string ToString() => $"Packed({first}, {second})";
}
