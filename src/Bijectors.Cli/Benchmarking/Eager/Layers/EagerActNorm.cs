namespace Bijectors.Cli;

/// <summary>
/// A trained shift and scale for each channel, or for each element: <c>y = (x - shift) exp(-logScale)</c>,
/// <c>log|det dy/dx| = -places sum of logScale</c> where each serves so many places.
/// </summary>
internal sealed class EagerActNorm(EagerState state) : EagerLayer
{
    private readonly Tensor _shift = state["shift"];
    private readonly Tensor _logScale = state["logScale"];

    public override (Tensor Y, Tensor LogDet) Forward(Tensor x)
    {
        var places = x.numel() / (x.size(0) * _logScale.numel());
        return ((x - _shift) * (-_logScale).exp(), -places * _logScale.sum());
    }

    public override Tensor Inverse(Tensor y) => (y * _logScale.exp()) + _shift;
}
