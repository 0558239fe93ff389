namespace Bijectors.Cli;

/// <summary>
/// <c>y_i = x_i exp(s_i(x_&lt;i)) + t_i(x_&lt;i)</c> by a masked network, see <see cref="EagerScale"/>; the inverse
/// takes as many passes of the network as there are features, the i-th of which settles feature i.
/// </summary>
/// <remarks>
/// Source: Papamakarios et al. 2017, Masked autoregressive flow, arXiv 1705.07057; the inverse is that of nflows.
/// </remarks>
internal sealed class EagerAutoregressive(EagerNetwork network) : EagerLayer
{
    public override (Tensor Y, Tensor LogDet) Forward(Tensor x)
    {
        var (logScale, shift) = EagerScale.Of(network.Evaluate(x));
        return ((x * logScale.exp()) + shift, Sum(logScale));
    }

    public override Tensor Inverse(Tensor y)
    {
        var x = zeros_like(y);
        for (var i = 0; i < y.size(1); i++)
        {
            using var pass = NewDisposeScope();
            using var previous = x;
            var (logScale, shift) = EagerScale.Of(network.Evaluate(previous));
            x = ((y - shift) * (-logScale).exp()).MoveToOuterDisposeScope();
        }

        return x;
    }
}
