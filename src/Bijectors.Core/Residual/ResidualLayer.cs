using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A vector plus what a contractive network says of all of it: <c>y = x + g(x)</c>,
/// <c>log|dy/dx| = log|det(I + dg/dx)|</c>. The inverse is the limit of <c>x = y - g(x)</c>.
/// </summary>
/// <remarks>
/// The log-det is exact, at the price of one backward pass for every dimension, unless an estimator is given; an
/// estimate is without bias and another one at every call. Source: Behrmann et al. 2019, Invertible residual networks,
/// arXiv 1811.00995; Chen et al. 2019, Residual flows, arXiv 1906.02735.
/// </remarks>
[GeneratedBijector]
public sealed partial class ResidualLayer : Bijector
{
    [Contractive(LipschitzMlp.LargestConstant, Estimator = nameof(_estimator))]
    private readonly LipschitzMlp net;
    private readonly LogDetEstimator? _estimator;

    /// <summary>A residual layer.</summary>
    /// <param name="net">The network g.</param>
    /// <param name="estimator">How the log-det is estimated; exact by default.</param>
    public ResidualLayer(LipschitzMlp net, LogDetEstimator? estimator = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        this.net = net;
        _estimator = estimator;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new ResidualLayer((LipschitzMlp)net.Frozen(), _estimator);

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var factors = net.Factors();                        // once, not in each step of the inverse
        return x + net.Evaluate(x, context, factors);
    }
}
