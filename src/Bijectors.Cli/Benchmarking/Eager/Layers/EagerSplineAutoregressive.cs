namespace Bijectors.Cli;

/// <summary>
/// <c>y_i = spline(x_i; net(x_&lt;i))</c> with splines on <c>[-bound, bound]</c>, see <see cref="EagerSpline"/>, by a
/// masked network that gives the first raw number of all features, then the second ones, and so on; the inverse takes
/// as many passes of the network as there are features, the i-th of which settles feature i.
/// </summary>
/// <remarks>
/// Source: Durkan et al. 2019, Neural spline flows, arXiv 1906.04032, RQ-NSF (AR); the inverse is that of nflows.
/// </remarks>
internal sealed class EagerSplineAutoregressive(EagerNetwork network, double bound) : EagerLayer
{
    public override (Tensor Y, Tensor LogDet) Forward(Tensor x)
    {
        var (y, logSlope) = Spline(x).Map(x);
        return (y, Sum(logSlope));
    }

    public override Tensor Inverse(Tensor y)
    {
        var x = zeros_like(y);
        for (var i = 0; i < y.size(1); i++)
        {
            using var pass = NewDisposeScope();
            using var previous = x;
            x = Spline(previous).Undo(y).MoveToOuterDisposeScope();
        }

        return x;
    }

    private EagerSpline Spline(Tensor x) =>
        new(network.Evaluate(x).unflatten(1, [-1, x.size(1)]).transpose(1, 2), bound);
}
