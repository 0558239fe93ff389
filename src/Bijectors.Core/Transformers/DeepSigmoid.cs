using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A monotone network of one hidden layer: <c>y = logit(sum_k w_k sigmoid(a_k x + b_k))</c>, with
/// <c>w = softmax(raw)</c> and <c>a = softplus(raw)</c>, at least a millionth; parameters
/// <c>[w (K) | a (K) | b (K)]</c>.
/// </summary>
/// <remarks>
/// For raw zeros all slopes a are 1 and the k-th offset is <c>(K - 1 - 2 k) / K</c>: units that start as one would stay
/// one. Chains of such layers are deep sigmoidal flows. The inverse is found between brackets. Source: Huang et al.
/// 2018, Neural autoregressive flows, arXiv 1804.00779, eq. 8.
/// </remarks>
[GeneratedBijector]
public sealed partial class DeepSigmoid : Transformer
{
    // As in the published code: a unit that is flat to rounding would have no inverse.
    private const double Least = 1e-6;

    private readonly int _units;

    /// <summary>Monotone networks.</summary>
    /// <param name="units">The number K of hidden units.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public DeepSigmoid(int units = 8)
    {
        Numbers.CheckCount(nameof(DeepSigmoid), "a number of units", units, least: 1);
        _units = units;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Groups => [_units, _units, _units];

    /// <inheritdoc/>
    public override bool IsStacked => false;

    /// <inheritdoc/>
    public override bool IsIterative => true;

    /// <summary>The type and the number of units.</summary>
    public override string ToString() => $"DeepSigmoid({_units})";

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var parameters = Parameters(context, x.dim());
        var slopes = Least + ((1 - Least) * Elementwise.Softplus(parameters[1] + RawOne));
        return SigmoidMixture.Map(
            x, parameters[0], log(slopes), parameters[2] - Spread(_units, parameters[2]));
    }
}
