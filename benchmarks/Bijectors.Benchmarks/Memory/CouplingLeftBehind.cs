using Bijectors.Benchmarks.Generated;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Memory;

/// <summary>
/// <see cref="CouplingByHand"/> without a single <c>using</c>: what it makes on the way is left to the
/// garbage collector.
/// </summary>
internal sealed class CouplingLeftBehind : Bijector
{
    private readonly Conditioner net;
    private readonly ScaleMap _scale = ScaleMap.Bounded();

    public CouplingLeftBehind(Conditioner net)
    {
        this.net = net;
        RegisterComponents();
    }

    public override int EventRank => 1;

    protected override Tensor ForwardCore(Tensor x, Tensor? context) => ForwardWithLogDetCore(x, context, 1).Y;

    protected override Tensor InverseCore(Tensor y, Tensor? context) => InverseWithLogDetCore(y, context, 1).X;

    protected override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(Tensor x, Tensor? context, int eventRank)
    {
        var half = x.shape[^1] / 2;
        var (a, b) = (x.narrow(-1, 0, half), x.narrow(-1, half, half));
        var (raw, shift) = net.ScaleAndShift(a, context);
        var logScale = _scale.LogScale(raw);
        return (cat([a, (b * logScale.exp()) + shift], -1), LogDets.Sum(logScale, b, eventRank));
    }

    protected override (Tensor X, Tensor LogDet) InverseWithLogDetCore(Tensor y, Tensor? context, int eventRank)
    {
        var half = y.shape[^1] / 2;
        var (a, b) = (y.narrow(-1, 0, half), y.narrow(-1, half, half));
        var (raw, shift) = net.ScaleAndShift(a, context);
        var logScale = _scale.LogScale(raw);
        return (cat([a, (b - shift) / logScale.exp()], -1), -LogDets.Sum(logScale, b, eventRank));
    }
}
