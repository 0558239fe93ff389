using static TorchSharp.torch;

namespace Bijectors.Outside;

/// <summary>The thirds of a vector, a view of one's own.</summary>
public sealed class ThirdsView : View
{
    public override IReadOnlyList<Shape> Apart(Shape whole)
    {
        var (a, b, c) = Bijectors.Parts.Thirds(whole);
        return [a, b, c];
    }

    public override Shape Together(Shape whole, IReadOnlyList<Shape> parts) =>
        Bijectors.Parts.Join(parts[0], parts[1], parts[2]);

    public override IReadOnlyList<Tensor> Apart(Tensor whole)
    {
        var (a, b, c) = Bijectors.Parts.Thirds(whole);
        return [a, b, c];
    }

    public override Tensor Together(IReadOnlyList<Tensor> parts) => Bijectors.Parts.Join(parts[0], parts[1], parts[2]);

    public override IReadOnlyList<Domain>? Apart(Domain whole) => whole is Interval ? [whole, whole, whole] : null;

    // What differs from part to part has no name here.
    public override Domain? Together(IReadOnlyList<Domain> parts) =>
        parts.All(part => part is Interval && part.Equals(parts[0])) ? parts[0] : null;

    public override string ToString() => "Thirds";
}
