using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Every feature goes through a transformer whose parameters depend on the features before it:
/// <c>y_i = f(x_i; net(x_&lt;i))</c>, <c>log|dy/dx| = sum over i of log|f'(x_i)|</c>.
/// </summary>
/// <remarks>
/// Forward is one pass of the network. The inverse goes through the features one by one, in the order of the network;
/// with a network that keeps what it computed, as <see cref="Made"/>, it costs about as much. With a network on
/// (tokens, channels) the entries are tokens. The inverse of this layer, <c>~f</c>, is the inverse autoregressive
/// flow. Source: Kingma et al. 2016, Improving variational inference with inverse autoregressive flow, arXiv
/// 1606.04934; Huang et al. 2018, Neural autoregressive flows, arXiv 1804.00779, section 2.
/// </remarks>
[GeneratedBijector]
public sealed partial class Autoregressive : Bijector, ICausalInverse
{
    private readonly CausalConditioner net;
    private readonly Transformer transformer;
    private CausalSolution _solution;

    /// <summary>An autoregressive layer.</summary>
    /// <param name="net">What gives <see cref="Transformer.ParameterCount"/> parameters for each feature.</param>
    /// <param name="transformer">What maps each feature.</param>
    /// <param name="solution">How the inverse is found; incrementally by default.</param>
    /// <exception cref="ArgumentException">The network gives another number of parameters.</exception>
    public Autoregressive(CausalConditioner net, Transformer transformer, CausalSolution? solution = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(transformer);
        if (net.Outputs != transformer.ParameterCount)
        {
            throw new ArgumentException(
                $"Autoregressive: expected a network with {transformer.ParameterCount} outputs for each feature, "
                + $"as {transformer} wants, got {net.Outputs}.",
                nameof(net));
        }

        net.CheckLayers();
        this.net = net;
        this.transformer = transformer;
        _solution = solution ?? CausalSolution.Incremental;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => net.EventRank;

    /// <inheritdoc/>
    public override Domain Domain => transformer.Domain;

    /// <inheritdoc/>
    public override Domain Codomain => transformer.Codomain;

    /// <inheritdoc/>
    public override bool IsVolumePreserving => transformer.IsVolumePreserving;

    /// <inheritdoc/>
    public override bool ReadsContext => net.ContextSize > 0;

    /// <inheritdoc/>
    public override double IntermediateSize => transformer.IntermediateSize;

    /// <summary>How the inverse is found; may be changed at any time.</summary>
    public CausalSolution Solution
    {
        get => _solution;
        set => _solution = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <inheritdoc/>
    int? ICausalInverse.Axis => net.CausalAxis == -1 ? null : net.CausalAxis;

    /// <summary>The type, the transformer, and the number of features or the type of the network.</summary>
    public override string ToString() => $"Autoregressive({transformer}, {net})";

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) =>
        NetworkShape.Check(this, input, net, transformer.ParameterCount);

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new Autoregressive(net.Frozen(), transformer.Frozen(dtype), _solution);

    [Forward]
    private Tensor Map(Tensor x, Tensor? context) => transformer.Apply(x, net.Table(x, context));
}
