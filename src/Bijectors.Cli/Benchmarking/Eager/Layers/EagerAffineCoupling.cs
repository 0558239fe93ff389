namespace Bijectors.Cli;

/// <summary>
/// <c>(a, b) -> (a, b exp(s(a)) + t(a))</c>, <c>log|det| = sum of s</c>, where s is bounded, see
/// <see cref="EagerScale"/>.
/// </summary>
internal sealed class EagerAffineCoupling(EagerSplit split, EagerNetwork network) : EagerCoupling(split, network)
{
    protected override (Tensor Y, Tensor LogSlope) Map(Tensor b, Tensor parameters)
    {
        var (logScale, shift) = EagerScale.Of(parameters);
        return ((b * logScale.exp()) + shift, logScale);
    }

    protected override Tensor Undo(Tensor b, Tensor parameters)
    {
        var (logScale, shift) = EagerScale.Of(parameters);
        return (b - shift) * (-logScale).exp();
    }
}
