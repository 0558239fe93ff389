namespace Bijectors.Cli;

/// <summary>
/// A trained matrix in factors, <c>y = W x + b</c> with <c>W = P L (U + diag(sign exp(s)))</c>, on the last dimension,
/// or on the channels of images as a 1x1 convolution; <c>log|det dy/dx| = places sum of s</c>.
/// </summary>
/// <remarks>Source: Kingma, Dhariwal 2018, Glow, arXiv 1807.03039, eq. 10.</remarks>
internal sealed class EagerLinear(EagerState state, bool ofChannels = false) : EagerLayer
{
    private readonly Tensor _factors = state["factors"];
    private readonly Tensor _bias = state["bias"];
    private readonly Tensor _sign = state["sign"];
    private readonly Tensor _order = state["order"];
    private readonly Tensor _unit = eye(state["bias"].numel(), dtype: state["bias"].dtype);

    public override (Tensor Y, Tensor LogDet) Forward(Tensor x)
    {
        var places = x.numel() / (x.size(0) * _bias.numel());
        var s = _factors.diagonal();
        var weight = Weight(s);
        var y = ofChannels
            ? EagerConvNet.Convolve(x, Kernel(weight), _bias)
            : nn.functional.linear(x, weight, _bias);
        return (y, places * s.sum());
    }

    public override Tensor Inverse(Tensor y)
    {
        var weight = linalg.inv(Weight(_factors.diagonal()));
        return ofChannels
            ? EagerConvNet.Convolve(y - _bias.view(-1, 1, 1), Kernel(weight))
            : nn.functional.linear(y - _bias, weight);
    }

    private static Tensor Kernel(Tensor weight) => weight.unsqueeze(-1).unsqueeze(-1);

    // Row i of P M is row order[i] of M.
    private Tensor Weight(Tensor s) =>
        (_factors.tril(-1) + _unit).mm(_factors.triu(1) + diag(_sign * s.exp())).index_select(0, _order);
}
