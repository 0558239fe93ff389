using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The distribution function of a mixture of K logistic distributions, its logit, and a line:
/// <c>y = exp(s) logit(sum_k w_k sigmoid((x - m_k) / d_k)) + t</c>; parameters <c>[w (K) | m (K) | d (K) | s | t]</c>,
/// all raw.
/// </summary>
/// <remarks>
/// The means start apart, the k-th at <c>(2 k - K + 1) / K</c> for raw zeros: components that start as one would stay
/// one. Deviations lie between exp(-5) and exp(5). The inverse is found between brackets. Source: Ho et al. 2019,
/// Flow++, arXiv 1902.00275, eq. 15 and 16.
/// </remarks>
[GeneratedBijector]
public sealed partial class LogisticMixture : Transformer
{
    private static readonly ScaleMap s_deviation = ScaleMap.Bounded(5);
    private readonly int _components;
    private readonly ScaleMap _scale;

    /// <summary>Mixtures.</summary>
    /// <param name="components">The number K of components.</param>
    /// <param name="scale">How the raw number s becomes the slope of the line; <see cref="ScaleMap.Bounded"/> by
    /// default.</param>
    /// <exception cref="ArgumentException">There are no components.</exception>
    public LogisticMixture(int components = 8, ScaleMap? scale = null)
    {
        Numbers.CheckCount(nameof(LogisticMixture), "a number of components", components, least: 1);
        _components = components;
        _scale = scale ?? ScaleMap.Bounded();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Groups => [_components, _components, _components, 1, 1];

    /// <inheritdoc/>
    public override bool IsIterative => true;

    /// <inheritdoc/>
    // A y near 0 is the difference of two logarithms of about 1.
    public override double IntermediateSize => 1;

    /// <summary>The type and the number of components.</summary>
    public override string ToString() => $"LogisticMixture({_components})";

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var parameters = Parameters(context, x.dim());
        var logSlopes = -s_deviation.LogScale(parameters[2]);
        var means = parameters[1] + Spread(_components, parameters[1]);
        x = SigmoidMixture.Map(x, parameters[0], logSlopes, -means * exp(logSlopes));
        return (x * exp(_scale.LogScale(parameters[3].squeeze(-1)))) + parameters[4].squeeze(-1);
    }
}
