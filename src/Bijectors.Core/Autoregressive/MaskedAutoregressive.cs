using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Every feature is scaled and shifted by parameters that depend on the features before it:
/// <c>y_i = x_i exp(s_i(x_&lt;i)) + t_i(x_&lt;i)</c>, <c>log|dy/dx| = sum over i of s_i</c>.
/// </summary>
/// <remarks>
/// In the letters of the paper, <c>u_i = (x_i - mu_i) exp(-alpha_i)</c> with <c>alpha = -s</c> and
/// <c>mu = -t exp(-s)</c>. Forward is one pass of the network. The inverse goes through the features one by one, in the
/// order of the network; with <see cref="Made"/> it costs about as much, since that computes only what each new feature
/// adds, with a network that has no such pass an evaluation for each feature, or for each sweep of
/// <see cref="CausalSolution.Jacobi"/>. With a network on (tokens, channels) the entries are tokens. The inverse of
/// this layer, <c>~f</c>, is the inverse autoregressive flow. Source: Papamakarios et al. 2017, Masked autoregressive
/// flow, arXiv 1705.07057.
/// </remarks>
[GeneratedBijector]
public sealed partial class MaskedAutoregressive : Bijector, ICausalInverse
{
    private readonly CausalConditioner net;
    private readonly ScaleMap _scale;
    private CausalSolution _solution;

    /// <summary>A masked autoregressive layer.</summary>
    /// <param name="net">What gives a log-scale and a shift for each feature: <see cref="Made"/>, or a network of one's
    /// own.</param>
    /// <param name="scale">How raw numbers become scales; bounded by default.</param>
    /// <param name="solution">How the inverse is found; incrementally by default.</param>
    public MaskedAutoregressive(CausalConditioner net, ScaleMap? scale = null, CausalSolution? solution = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        net.CheckLayers();
        this.net = net;
        _scale = scale ?? ScaleMap.Bounded();
        _solution = solution ?? CausalSolution.Incremental;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => net.EventRank;

    /// <summary>How the inverse is found; may be changed at any time, as on a loaded model that is to sample on a
    /// GPU.</summary>
    public CausalSolution Solution
    {
        get => _solution;
        set => _solution = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <inheritdoc/>
    int? ICausalInverse.Axis => net.CausalAxis == -1 ? null : net.CausalAxis;

    /// <summary>The type and the number of features, or the type of the network.</summary>
    public override string ToString() => $"MaskedAutoregressive({net})";

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => NetworkShape.Check(this, input, net, 2);

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new MaskedAutoregressive(net.Frozen(), _scale, _solution);

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (raw, shift) = net.ScaleAndShift(x, context);
        return (x * exp(_scale.LogScale(raw))) + shift;
    }
}
