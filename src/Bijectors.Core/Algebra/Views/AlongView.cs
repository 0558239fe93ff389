using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The vectors along one axis, as one part with the other axes as places.</summary>
internal sealed class AlongView : View
{
    private readonly int _axis;

    public AlongView(int axis)
    {
        Dimensions.CheckFromEnd(nameof(Along), axis);
        _axis = axis;
    }

    public override IReadOnlyList<Shape> Apart(Shape whole) => [Shape.Vector(whole[_axis])];

    public override Shape Together(Shape whole, IReadOnlyList<Shape> parts) => whole.With(_axis, parts[0][-1]);

    public override IReadOnlyList<Tensor> Apart(Tensor whole) => [movedim(whole, _axis, -1)];

    public override Tensor Together(IReadOnlyList<Tensor> parts) => movedim(parts[0], -1, _axis);

    public override IReadOnlyList<Domain>? Apart(Domain whole) => whole is Interval ? [whole] : null;

    // The entries of a vector have one domain, or the axis is the one that a domain of vectors is on.
    public override Domain? Together(IReadOnlyList<Domain> parts) =>
        _axis == -1 || parts[0] is Interval or PartOf ? parts[0] : null;

    public override int? AffineAxis(int axis) => axis < 0 ? _axis : axis;

    public override string ToString() => $"Along({_axis})";
}
