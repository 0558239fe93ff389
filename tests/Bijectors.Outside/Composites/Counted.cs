using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Outside;

/// <summary>
/// A density of real numbers whose lower bound is given whole numbers: <c>log P(n) >= E log p(n + u)</c>, u uniform in
/// [0, 1).
/// </summary>
internal sealed class Counted : Distribution
{
    private readonly Distribution inner;

    public Counted(Distribution inner)
        : base(inner.EventShape, inner.ContextShape)
    {
        this.inner = inner;
        RegisterComponents();
    }

    public override Domain Support => inner.Support;

    public override ScalarType Dtype => inner.Dtype;

    public override Device Device => inner.Device;

    public override bool IsReparameterized => inner.IsReparameterized;

    protected override bool AddsNoise => true;

    public override Distribution Frozen() => new Counted(inner.Frozen());

    public override IReadOnlyList<DescriptionLine> DescriptionLines() =>
        [DescriptionLine.Of(this, EventShape, "whole numbers") with { Parameters = 0 }, .. inner.DescriptionLines()];

    protected override Tensor WithNoise(Tensor x, Generator? generator)
    {
        using var noise = Draws.Uniform(x.shape, Dtype, Device, generator);
        return noise + x;
    }

    protected override Tensor LogProbCore(Tensor x, Tensor? context) => NestedDistribution.LogProb(inner, x, context);

    protected override Tensor SampleCore(long[] batch, Tensor? context, Generator? generator) =>
        NestedDistribution.Draw(inner, batch, context, generator);
}
