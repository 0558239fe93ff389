using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Cli;

/// <summary>
/// Half of the channels goes on through further layers, the other is done and standardised by what the first says of
/// it: <c>(a, b) -> [rest(a) | (b - t(a)) exp(-s(a))]</c>, flattened.
/// </summary>
/// <param name="rest">The layers for what goes on.</param>
/// <param name="prior">Reads what goes on, gives s and t.</param>
/// <param name="going">The shape that comes out of the rest.</param>
/// <param name="done">The shape of what is done.</param>
internal sealed class EagerFactorOut(EagerLayer rest, EagerNetwork prior, Shape going, Shape done) : EagerLayer
{
    private const double Limit = 4;

    private readonly EagerSplit _split = EagerSplit.Halves();

    public override (Tensor Y, Tensor LogDet) Forward(Tensor x)
    {
        var (a, b) = _split.Apart(x);
        var (logScale, mean) = EagerScale.Of(prior.Evaluate(a), Limit);
        var (y, logDet) = rest.Forward(a);
        var standard = (b - mean) * (-logScale).exp();
        return (cat([y.flatten(1), standard.flatten(1)], 1), logDet - Sum(logScale));
    }

    public override Tensor Inverse(Tensor y)
    {
        var parts = y.split([going.Size, done.Size], 1);
        var a = rest.Inverse(parts[0].unflatten(1, going.ToArray()));
        var (logScale, mean) = EagerScale.Of(prior.Evaluate(a), Limit);
        return _split.Together(a, (parts[1].unflatten(1, done.ToArray()) * logScale.exp()) + mean);
    }
}
