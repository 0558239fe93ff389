namespace Bijectors.Cli;

/// <summary>
/// <c>(a, b) -> (a, 2 sigmoid(s(a)) (b + t(a)))</c> on <c>(N, tokens, channels)</c>,
/// <c>log|det| = sum of log(2 sigmoid(s))</c>.
/// </summary>
internal sealed class EagerJetCoupling(EagerSplit split, EagerNetwork network) : EagerCoupling(split, network)
{
    private static readonly double s_log2 = Math.Log(2);

    protected override (Tensor Y, Tensor LogSlope) Map(Tensor b, Tensor parameters)
    {
        var (raw, shift) = EagerScale.Raw(parameters, dim: -1);
        return ((b + shift) * (2 * raw.sigmoid()), nn.functional.logsigmoid(raw) + s_log2);
    }

    protected override Tensor Undo(Tensor b, Tensor parameters)
    {
        var (raw, shift) = EagerScale.Raw(parameters, dim: -1);
        return (b / (2 * raw.sigmoid())) - shift;
    }
}
