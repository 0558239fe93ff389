namespace Bijectors.Cli;

/// <summary>
/// Half of the channels is retained and goes through further layers, the other is factored out, standardised by a
/// network of the first: <c>(a, b) -> [rest(a) | (b - t(a)) exp(-s(a))]</c>, flattened.
/// </summary>
/// <param name="rest">The layers of the retained half.</param>
/// <param name="prior">The network that reads the retained half and gives s and t.</param>
/// <param name="retained">The shape of the retained half behind its layers.</param>
/// <param name="factored">The shape of the half factored out.</param>
internal sealed class EagerFactorOut(EagerLayer rest, EagerNetwork prior, Shape retained, Shape factored) : EagerLayer
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
        var parts = y.split([retained.Size, factored.Size], 1);
        var a = rest.Inverse(parts[0].unflatten(1, retained.ToArray()));
        var (logScale, mean) = EagerScale.Of(prior.Evaluate(a), Limit);
        return _split.Together(a, (parts[1].unflatten(1, factored.ToArray()) * logScale.exp()) + mean);
    }
}
