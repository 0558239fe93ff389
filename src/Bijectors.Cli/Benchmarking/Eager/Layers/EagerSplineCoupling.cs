namespace Bijectors.Cli;

/// <summary>
/// <c>(a, b) -> (a, spline(b; net(a)))</c> with splines on <c>[-bound, bound]</c>, see <see cref="EagerSpline"/>; the
/// network gives <c>[widths | heights | slopes]</c> for each feature.
/// </summary>
internal sealed class EagerSplineCoupling(EagerSplit split, EagerNetwork network, double bound)
    : EagerCoupling(split, network)
{
    protected override (Tensor Y, Tensor LogSlope) Map(Tensor b, Tensor parameters) => Spline(b, parameters).Map(b);

    protected override Tensor Undo(Tensor b, Tensor parameters) => Spline(b, parameters).Undo(b);

    private EagerSpline Spline(Tensor b, Tensor parameters) => new(parameters.unflatten(1, [b.size(1), -1]), bound);
}
