using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Generated;

/// <summary><see cref="SinhLine"/> as a careful person writes it.</summary>
internal sealed class SinhLineByHand : Bijector
{
    private static readonly double s_log2 = Math.Log(2);

    public override int EventRank => 0;

    protected override Tensor ForwardCore(Tensor x, Tensor? context)
    {
        using var scaled = 2 * x;
        using var line = scaled + 1;
        return line.sinh();
    }

    protected override Tensor InverseCore(Tensor y, Tensor? context)
    {
        using var line = y.asinh();
        using var scaled = line - 1;
        return scaled / 2;
    }

    protected override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(Tensor x, Tensor? context, int eventRank)
    {
        using var scaled = 2 * x;
        using var line = scaled + 1;
        return (line.sinh(), LogDet(line, eventRank));
    }

    protected override (Tensor X, Tensor LogDet) InverseWithLogDetCore(Tensor y, Tensor? context, int eventRank)
    {
        using var line = y.asinh();
        using var scaled = line - 1;
        using var logDet = LogDet(line, eventRank);
        return (scaled / 2, -logDet);
    }

    private static Tensor LogDet(Tensor line, int eventRank)
    {
        using var slope = Elementwise.LogCosh(line);
        using var sum = LogDets.Sum(slope, line, eventRank);
        using var constant = LogDets.Constant(s_log2, line, eventRank);
        return sum + constant;
    }
}

/// <summary><see cref="SinhAsinh"/> as a careful person writes it.</summary>
internal sealed class SinhAsinhByHand : Bijector
{
    private static readonly double s_logHalf = Math.Log(0.5);

    public override int EventRank => 0;

    protected override Tensor ForwardCore(Tensor x, Tensor? context)
    {
        using var inner = x.asinh();
        using var scaled = 0.5 * inner;
        using var line = scaled + 1;
        return line.sinh();
    }

    protected override Tensor InverseCore(Tensor y, Tensor? context)
    {
        using var line = y.asinh();
        using var scaled = line - 1;
        using var inner = scaled / 0.5;
        return inner.sinh();
    }

    protected override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(Tensor x, Tensor? context, int eventRank)
    {
        using var inner = x.asinh();
        using var scaled = 0.5 * inner;
        using var line = scaled + 1;
        return (line.sinh(), LogDet(inner, line, eventRank));
    }

    protected override (Tensor X, Tensor LogDet) InverseWithLogDetCore(Tensor y, Tensor? context, int eventRank)
    {
        using var line = y.asinh();
        using var scaled = line - 1;
        using var inner = scaled / 0.5;
        using var logDet = LogDet(inner, line, eventRank);
        return (inner.sinh(), -logDet);
    }

    private static Tensor LogDet(Tensor inner, Tensor line, int eventRank)
    {
        using var outerSlope = Elementwise.LogCosh(line);
        using var innerSlope = Elementwise.LogCosh(inner);
        using var slope = outerSlope - innerSlope;
        using var sum = LogDets.Sum(slope, line, eventRank);
        using var constant = LogDets.Constant(s_logHalf, line, eventRank);
        return sum + constant;
    }
}

/// <summary><see cref="SoftTanh"/> as a careful person writes it.</summary>
internal sealed class SoftTanhByHand : Bijector
{
    private static readonly double s_log6 = Math.Log(6);

    public override int EventRank => 0;

    public override Domain Codomain => Domain.Interval((3 * Math.Tanh(-1)) + 1, 4);

    protected override Tensor ForwardCore(Tensor x, Tensor? context)
    {
        using var twice = 2 * x;
        using var soft = Elementwise.Softplus(twice);
        using var moved = soft - 1;
        using var bent = moved.tanh();
        using var scaled = 3 * bent;
        return scaled + 1;
    }

    protected override Tensor InverseCore(Tensor y, Tensor? context)
    {
        var (twice, soft, moved) = Back(y);
        using (twice)
        using (soft)
        using (moved)
        {
            return twice / 2;
        }
    }

    protected override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(Tensor x, Tensor? context, int eventRank)
    {
        using var twice = 2 * x;
        using var soft = Elementwise.Softplus(twice);
        using var moved = soft - 1;
        using var bent = moved.tanh();
        using var scaled = 3 * bent;
        return (scaled + 1, LogDet(twice, moved, eventRank));
    }

    protected override (Tensor X, Tensor LogDet) InverseWithLogDetCore(Tensor y, Tensor? context, int eventRank)
    {
        var (twice, soft, moved) = Back(y);
        using (twice)
        using (soft)
        using (moved)
        {
            using var logDet = LogDet(twice, moved, eventRank);
            return (twice / 2, -logDet);
        }
    }

    private static (Tensor Twice, Tensor Soft, Tensor Moved) Back(Tensor y)
    {
        using var scaled = y - 1;
        using var bent = scaled / 3;
        var moved = bent.atanh();
        var soft = moved + 1;
        return (Elementwise.SoftplusInverse(soft), soft, moved);
    }

    private static Tensor LogDet(Tensor twice, Tensor moved, int eventRank)
    {
        using var softSlope = nn.functional.logsigmoid(twice);
        using var bentSlope = Elementwise.TanhLogSlope(moved);
        using var slope = softSlope + bentSlope;
        using var sum = LogDets.Sum(slope, twice, eventRank);
        using var constant = LogDets.Constant(s_log6, twice, eventRank);
        return sum + constant;
    }
}
