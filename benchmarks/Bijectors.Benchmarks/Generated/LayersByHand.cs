using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Generated;

/// <summary><see cref="AffineCoupling"/> of the halves of the features, as a careful person writes it.</summary>
internal sealed class CouplingByHand : Bijector
{
    private readonly Conditioner net;
    private readonly ScaleMap _scale = ScaleMap.Bounded();

    public CouplingByHand(Conditioner net)
    {
        this.net = net;
        RegisterComponents();
    }

    public override int EventRank => 1;

    protected override Tensor ForwardCore(Tensor x, Tensor? context)
    {
        var half = x.shape[^1] / 2;
        using var a = x.narrow(-1, 0, half);
        using var b = x.narrow(-1, half, half);
        var (raw, shift) = net.ScaleAndShift(a, context);
        using (raw)
        using (shift)
        {
            using var logScale = _scale.LogScale(raw);
            using var scale = logScale.exp();
            using var scaled = b * scale;
            using var moved = scaled + shift;
            return cat([a, moved], -1);
        }
    }

    protected override Tensor InverseCore(Tensor y, Tensor? context)
    {
        var half = y.shape[^1] / 2;
        using var a = y.narrow(-1, 0, half);
        using var b = y.narrow(-1, half, half);
        var (raw, shift) = net.ScaleAndShift(a, context);
        using (raw)
        using (shift)
        {
            using var logScale = _scale.LogScale(raw);
            using var scale = logScale.exp();
            using var moved = b - shift;
            using var scaled = moved / scale;
            return cat([a, scaled], -1);
        }
    }

    protected override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(Tensor x, Tensor? context, int eventRank)
    {
        var half = x.shape[^1] / 2;
        using var a = x.narrow(-1, 0, half);
        using var b = x.narrow(-1, half, half);
        var (raw, shift) = net.ScaleAndShift(a, context);
        using (raw)
        using (shift)
        {
            using var logScale = _scale.LogScale(raw);
            using var scale = logScale.exp();
            using var scaled = b * scale;
            using var moved = scaled + shift;
            return (cat([a, moved], -1), LogDets.Sum(logScale, b, eventRank));
        }
    }

    protected override (Tensor X, Tensor LogDet) InverseWithLogDetCore(Tensor y, Tensor? context, int eventRank)
    {
        var half = y.shape[^1] / 2;
        using var a = y.narrow(-1, 0, half);
        using var b = y.narrow(-1, half, half);
        var (raw, shift) = net.ScaleAndShift(a, context);
        using (raw)
        using (shift)
        {
            using var logScale = _scale.LogScale(raw);
            using var scale = logScale.exp();
            using var moved = b - shift;
            using var scaled = moved / scale;
            using var sum = LogDets.Sum(logScale, b, eventRank);
            return (cat([a, scaled], -1), -sum);
        }
    }
}

/// <summary><see cref="ActNorm"/> of the features, as a careful person writes it.</summary>
internal sealed class ActNormByHand : Bijector
{
    private readonly TorchSharp.Modules.Parameter shift;
    private readonly TorchSharp.Modules.Parameter logScale;

    public ActNormByHand(long features)
    {
        shift = nn.Parameter(zeros(features));
        logScale = nn.Parameter(zeros(features));
        RegisterComponents();
    }

    public override int EventRank => 1;

    protected override Tensor ForwardCore(Tensor x, Tensor? context)
    {
        using var minus = -logScale;
        using var scale = minus.exp();
        using var moved = x - shift;
        return moved * scale;
    }

    protected override Tensor InverseCore(Tensor y, Tensor? context)
    {
        using var scale = logScale.exp();
        using var scaled = y * scale;
        return scaled + shift;
    }

    protected override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(Tensor x, Tensor? context, int eventRank)
    {
        using var minus = -logScale;
        using var scale = minus.exp();
        using var moved = x - shift;
        return (moved * scale, LogDets.Sum(minus, x, eventRank));
    }

    protected override (Tensor X, Tensor LogDet) InverseWithLogDetCore(Tensor y, Tensor? context, int eventRank)
    {
        using var scale = logScale.exp();
        using var scaled = y * scale;
        return (scaled + shift, LogDets.Sum(logScale, y, eventRank));
    }
}
