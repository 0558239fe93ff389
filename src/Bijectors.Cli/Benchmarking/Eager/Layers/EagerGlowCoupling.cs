namespace Bijectors.Cli;

/// <summary>
/// <c>(a, b) -> (a, (b + t(a)) sigmoid(s(a) + 2))</c> on the channels of images,
/// <c>log|det| = sum of log sigmoid(s + 2)</c>.
/// </summary>
internal sealed class EagerGlowCoupling(EagerNetwork network) : EagerCoupling(EagerSplit.Halves(), network)
{
    protected override (Tensor Y, Tensor LogSlope) Map(Tensor b, Tensor parameters)
    {
        var (raw, shift) = EagerScale.Raw(parameters);
        var shifted = raw + 2;
        return ((b + shift) * shifted.sigmoid(), nn.functional.logsigmoid(shifted));
    }

    protected override Tensor Undo(Tensor b, Tensor parameters)
    {
        var (raw, shift) = EagerScale.Raw(parameters);
        return (b / (raw + 2).sigmoid()) - shift;
    }
}
