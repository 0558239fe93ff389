namespace Bijectors.Cli;

/// <summary>
/// One part of a point is mapped, element by element, by what a network says of the other:
/// <c>(a, b) -> (a, f(b; net(a)))</c>.
/// </summary>
internal abstract class EagerCoupling(EagerSplit split, EagerNetwork network) : EagerLayer
{
    public sealed override (Tensor Y, Tensor LogDet) Forward(Tensor x)
    {
        var (a, b) = split.Apart(x);
        var (y, logSlope) = Map(b, network.Evaluate(a));
        return (split.Together(a, y), Sum(logSlope));
    }

    public sealed override Tensor Inverse(Tensor y)
    {
        var (a, b) = split.Apart(y);
        return split.Together(a, Undo(b, network.Evaluate(a)));
    }

    /// <summary>f and its log-slope.</summary>
    protected abstract (Tensor Y, Tensor LogSlope) Map(Tensor b, Tensor parameters);

    /// <summary>The inverse of f.</summary>
    protected abstract Tensor Undo(Tensor b, Tensor parameters);
}
