namespace Bijectors.Cli;

/// <summary>
/// <c>y_i = x_i exp(s_i(x_&lt;i)) + t_i(x_&lt;i)</c> for each token of <c>(N, tokens, channels)</c> by a causal
/// transformer; the inverse goes through the tokens and keeps keys and values.
/// </summary>
/// <remarks>Source: Zhai et al. 2024, Normalizing flows are capable generative models, arXiv 2412.06329.</remarks>
internal sealed class EagerTokenAutoregressive(EagerTransformer network) : EagerLayer
{
    public override (Tensor Y, Tensor LogDet) Forward(Tensor x)
    {
        var (logScale, shift) = EagerScale.Of(network.Evaluate(x), dim: -1);
        return ((x * logScale.exp()) + shift, Sum(logScale));
    }

    public override Tensor Inverse(Tensor y)
    {
        var tokens = new List<Tensor>();
        var read = network.First(y);
        for (var i = 0; i < y.size(1); i++)
        {
            using var pass = NewDisposeScope();
            var (logScale, shift) = EagerScale.Of(network.Step(read, i), dim: -1);
            read = ((y.narrow(1, i, 1) - shift) * (-logScale).exp()).MoveToOuterDisposeScope();
            tokens.Add(read);
        }

        return cat(tokens, 1);
    }
}
