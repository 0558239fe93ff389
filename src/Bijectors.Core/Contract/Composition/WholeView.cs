using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The whole point as its only part.</summary>
internal sealed class WholeView : View
{
    public override IReadOnlyList<Shape> Apart(Shape whole) => [whole];

    public override Shape Together(Shape whole, IReadOnlyList<Shape> parts) => parts[0];

    public override IReadOnlyList<Tensor> Apart(Tensor whole) => [whole.alias()];

    public override Tensor Together(IReadOnlyList<Tensor> parts) => parts[0].alias();

    public override IReadOnlyList<Domain> Apart(Domain whole) => [whole];

    public override Domain Together(IReadOnlyList<Domain> parts) => parts[0];

    public override int? AffineAxis(int axis) => axis;

    public override string ToString() => "Whole";
}
