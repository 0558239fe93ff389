using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>
/// <c>y = x + M x</c> on vectors, where <c>M x = -(x / 2 + x shifted by one / 5)</c>, with a log-det that is estimated
/// by the power series. It keeps every law as it stands; a mutant has one step replaced.
/// </summary>
internal sealed class Estimating : Bijector
{
    /// <summary>The probability that a further term is taken.</summary>
    public const double Goes = 0.7;

    private readonly Generator _noise = new(0);

    /// <summary>What a term k is multiplied by, <c>1 / P(N >= k)</c>.</summary>
    public Func<int, double> Weight { get; init; } = k => Math.Pow(Goes, 1 - k);

    /// <summary>How many terms are taken of those that were drawn.</summary>
    public Func<int, int> Taken { get; init; } = count => count;

    /// <summary>The sign of term k.</summary>
    public Func<int, int> Sign { get; init; } = k => k % 2 == 1 ? 1 : -1;

    /// <summary>The sign of the log-det of the inverse.</summary>
    public int SignBack { get; init; } = -1;

    /// <summary>Noise of mean 0 and covariance I, made of numbers uniform in (0, 1).</summary>
    public Func<Tensor, Tensor> Vector { get; init; } = uniform => (uniform - 0.5).sign();

    /// <summary>What is added to the log-det, from the shape of the points.</summary>
    public Func<long[], double> Besides { get; init; } = _ => 0;

    /// <summary>What is added to the points that come out, times a draw of the noise.</summary>
    public double Shaken { get; init; }

    /// <summary>What the noise is drawn from, in place of what is named.</summary>
    public Generator? Drawn { get; init; }

    public bool NamesItsNoise { get; init; } = true;

    public override int EventRank => 1;

    public override bool HasRandomLogDet => true;

    public override IReadOnlyList<Generator> LogDetNoise => NamesItsNoise ? [_noise] : [];

    protected internal override Tensor ForwardCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        return (x + Times(x) + Shake(x)).MoveToOuterDisposeScope();
    }

    protected internal override Tensor InverseCore(Tensor y, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var unit = eye(y.shape[^1], dtype: y.dtype);
        return linalg.solve((unit + Times(unit)).T, y.unsqueeze(-1)).squeeze(-1).MoveToOuterDisposeScope();
    }

    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank) =>
        (ForwardCore(x, context), Estimate(x, eventRank));

    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank)
    {
        using var logDet = Estimate(y, eventRank);
        return (InverseCore(y, context), logDet * SignBack);
    }

    private static Tensor Times(Tensor x) => -((x / 2) + (x.roll([1L], [-1L]) / 5));

    private Tensor Shake(Tensor x) => Shaken * rand(1, x.dtype, generator: Drawn ?? _noise);

    private Tensor Estimate(Tensor x, int eventRank)
    {
        using var scope = NewDisposeScope();
        var generator = Drawn ?? _noise;
        var v = Vector(rand(x.shape, ScalarType.Float64, generator: generator)).to(x.dtype);
        var u = rand(1, ScalarType.Float64, generator: generator).item<double>();
        var count = Taken(1 + (int)(Math.Log(1 - u) / Math.Log(Goes)));
        var (power, total) = (v, zeros_like(x));
        for (var k = 1; k <= count; k++)
        {
            power = Times(power);
            total += power * v * (Sign(k) * Weight(k) / k);
        }

        return (LogDets.Sum(total, x, eventRank) + Besides(x.shape)).MoveToOuterDisposeScope();
    }
}
