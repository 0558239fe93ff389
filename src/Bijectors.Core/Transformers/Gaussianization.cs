using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The distribution function of a mixture of K components, and the normal quantile of that:
/// <c>y = Phi^-1(sum_k w_k sigmoid((u - m_k) / d_k))</c> with <c>u = logit(Phi(x))</c>, which makes numbers of that
/// mixture standard normal; parameters <c>[w (K) | m (K) | d (K)]</c>, all raw.
/// </summary>
/// <remarks>
/// Means and deviations are those of <see cref="LogisticMixture"/>; one component with m = 0 and d = 1 is the identity.
/// In the paper u = x: then y grows as the root of x, and in the inverse x as the square of y, so that a few layers
/// take four deviations to hundreds. Over u the tails are those of a normal distribution, and y grows as x. The
/// probability between the two maps is kept as its logit, so that no tail saturates. The inverse is found between
/// brackets. Source: Meng, Song, Song, Ermon 2020, Gaussianization flows, arXiv 2003.01941, section 3.1.
/// </remarks>
[GeneratedBijector]
public sealed partial class Gaussianization : Transformer
{
    private static readonly ScaleMap s_deviation = ScaleMap.Bounded(5);
    private readonly int _components;

    /// <summary>Mixtures.</summary>
    /// <param name="components">The number K of components.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public Gaussianization(int components = 8)
    {
        Numbers.CheckCount(nameof(Gaussianization), "a number of components", components, least: 1);
        _components = components;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Groups => [_components, _components, _components];

    /// <inheritdoc/>
    public override bool IsStacked => false;

    /// <inheritdoc/>
    public override bool IsIterative => true;

    /// <inheritdoc/>
    public override double IntermediateSize => 1;

    /// <summary>The type and the number of components.</summary>
    public override string ToString() => $"Gaussianization({_components})";

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var parameters = Parameters(context, x.dim());
        var weights = parameters[0].to(ScalarType.Float64);
        var logSlopes = -s_deviation.LogScale(parameters[2].to(ScalarType.Float64));
        var means = parameters[1].to(ScalarType.Float64);
        return Quantile(x, weights, logSlopes, -(means + Spread(_components, means)) * exp(logSlopes));
    }

    // One row, and not three rows of the language, since all of it is computed in float64: u is as large as x^2/2, and
    // its rounding in float32 would be that of a number so large.
    [Primitive(nameof(QuantileInverse), nameof(QuantileLogSlope), WithLogSlope = nameof(QuantileWithLogSlope))]
    private static Tensor Quantile(Tensor x, Tensor weights, Tensor logSlopes, Tensor offsets)
    {
        using var scope = NewDisposeScope();
        var u = NormalQuantile.ToLogit(x.to(ScalarType.Float64));
        return NormalQuantile.OfLogit(SigmoidMixture.Map(u, weights, logSlopes, offsets))
            .to(x.dtype).MoveToOuterDisposeScope();
    }

    private static Tensor QuantileInverse(Tensor y, Tensor weights, Tensor logSlopes, Tensor offsets)
    {
        using var scope = NewDisposeScope();
        var v = NormalQuantile.ToLogit(y.to(ScalarType.Float64));
        return NormalQuantile.OfLogit(SigmoidMixture.Inverse(v, weights, logSlopes, offsets))
            .to(y.dtype).MoveToOuterDisposeScope();
    }

    private static Tensor QuantileLogSlope(Tensor x, Tensor weights, Tensor logSlopes, Tensor offsets)
    {
        var (y, logSlope) = QuantileWithLogSlope(x, weights, logSlopes, offsets);
        y.Dispose();
        return logSlope;
    }

    private static (Tensor Y, Tensor LogSlope) QuantileWithLogSlope(
        Tensor x, Tensor weights, Tensor logSlopes, Tensor offsets)
    {
        using var scope = NewDisposeScope();
        var (u, before) = NormalQuantile.ToLogitWithLogSlope(x.to(ScalarType.Float64));
        var (v, mixed) = SigmoidMixture.MapWithLogSlope(u, weights, logSlopes, offsets);
        var (y, after) = NormalQuantile.OfLogitWithLogSlope(v);
        return scope.MoveToOuter(y.to(x.dtype), (mixed + after - before).to(x.dtype));
    }
}
