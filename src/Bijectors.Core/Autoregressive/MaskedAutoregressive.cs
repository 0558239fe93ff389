using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Every feature is scaled and shifted by what the features before it say:
/// <c>y_i = x_i exp(s_i(x_&lt;i)) + t_i(x_&lt;i)</c>, <c>log|dy/dx| = sum over i of s_i</c>.
/// </summary>
/// <remarks>
/// In the letters of the paper, <c>u_i = (x_i - mu_i) exp(-alpha_i)</c> with <c>alpha = -s</c> and <c>mu = -t exp(-s)</c>.
/// Forward is one pass of the network; the inverse goes through the features one by one and costs about as much, since the network then
/// computes only what each new feature adds, or takes a pass for each sweep of <see cref="CausalSolution.Jacobi"/>. The inverse of this layer, <c>~f</c>, is the inverse
/// autoregressive flow. Source: Papamakarios et al. 2017, Masked autoregressive flow, arXiv 1705.07057.
/// </remarks>
[GeneratedBijector]
public sealed partial class MaskedAutoregressive : Bijector, ICausalInverse
{
    private readonly Made net;
    private readonly ScaleMap _scale;
    private CausalSolution _solution;

    /// <summary>A masked autoregressive layer.</summary>
    /// <param name="net">What gives log-scales and shifts.</param>
    /// <param name="scale">How raw numbers become scales; bounded by default.</param>
    /// <param name="solution">How the inverse is found; incrementally by default.</param>
    public MaskedAutoregressive(Made net, ScaleMap? scale = null, CausalSolution? solution = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        this.net = net;
        _scale = scale ?? ScaleMap.Bounded();
        _solution = solution ?? CausalSolution.Incremental;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <summary>How the inverse is found; may be changed at any time, as on a loaded model that is to sample on a GPU.</summary>
    public CausalSolution Solution
    {
        get => _solution;
        set => _solution = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>The type and the number of features.</summary>
    public override string ToString() => $"MaskedAutoregressive({net.Features})";

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) => new MaskedAutoregressive((Made)net.Frozen(), _scale, _solution);

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (raw, shift) = net.ScaleAndShift(x, context);
        return (x * exp(_scale.LogScale(raw))) + shift;
    }
}
