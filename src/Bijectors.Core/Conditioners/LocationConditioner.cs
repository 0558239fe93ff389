using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A causal network whose two parameters of each feature are a raw log-scale s and a location mu, for layers that take
/// a shift: <c>t = -mu exp(S(s))</c> makes <c>y = x exp(S(s)) + t</c> the form <c>y = (x - mu) exp(S(s))</c>.
/// </summary>
/// <remarks>
/// Both forms hold the same maps. They differ in what is learned at one rate, and in what a
/// <see cref="GuidedContext"/> extrapolates: here mu and s, so that the mean of samples moves in proportion to the
/// weight, as in TarFlow; else t and s. Source: Papamakarios et al. 2017, Masked autoregressive flow, arXiv
/// 1705.07057; Zhai et al. 2024, Normalizing flows are capable generative models, arXiv 2412.06329.
/// </remarks>
public sealed class LocationConditioner : CausalConditioner
{
    private readonly CausalConditioner net;
    private readonly ScaleMap _scale;

    /// <summary>A network read as one of locations.</summary>
    /// <param name="net">The network, with two outputs for each feature.</param>
    /// <param name="scale">The scale map S of the layer; it must be the same there.</param>
    /// <exception cref="ArgumentException">The network has another number of outputs.</exception>
    public LocationConditioner(CausalConditioner net, ScaleMap scale)
        : base(Checked(net).ContextSize)
    {
        ArgumentNullException.ThrowIfNull(scale);
        this.net = net;
        _scale = scale;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => net.EventRank;

    /// <inheritdoc/>
    public override int FeatureAxis => net.FeatureAxis;

    /// <inheritdoc/>
    public override int CausalAxis => net.CausalAxis;

    /// <inheritdoc/>
    public override IReadOnlyList<int>? Order => net.Order;

    /// <inheritdoc/>
    public override bool CanBeGuided => net.CanBeGuided;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => net.OutputShape(input);

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        using var output = net.Evaluate(input, context);
        return Shifted(output);
    }

    // Of a guided context, what the network gives is extrapolated before it is a shift.
    /// <inheritdoc/>
    public override Tensor Raw(Tensor input, Tensor? context)
    {
        using var output = net.Raw(input, context);
        return Shifted(output);
    }

    /// <inheritdoc/>
    public override ConditionerPass Begin(Tensor like, Tensor? context) =>
        new LocationPass(this, net.Begin(like, context));

    /// <inheritdoc/>
    public override ConditionerPass BeginPass(Tensor like, Tensor? context) =>
        new LocationPass(this, net.BeginPass(like, context));

    /// <inheritdoc/>
    public override CausalConditioner Frozen() => new LocationConditioner(net.Frozen(), _scale);

    /// <summary>The network.</summary>
    public override string ToString() => $"{net}";

    private static CausalConditioner Checked(CausalConditioner net)
    {
        ArgumentNullException.ThrowIfNull(net);
        return net.Outputs == 2
            ? net
            : throw new ArgumentException(
                $"LocationConditioner: expected a network of 2 outputs for each feature, got one of {net.Outputs}.",
                nameof(net));
    }

    private Tensor Shifted(Tensor output)
    {
        using var scope = NewDisposeScope();
        var (raw, location) = ParameterGroups.Halves(this, output, FeatureAxis);
        return cat([raw, -location * _scale.LogScale(raw).exp()], FeatureAxis).MoveToOuterDisposeScope();
    }

    private sealed class LocationPass(LocationConditioner network, ConditionerPass inner) : ConditionerPass(network)
    {
        public override Tensor Evaluate()
        {
            using var output = inner.Evaluate();
            return network.Shifted(output);
        }

        public override void Append(Tensor entry) => inner.Append(entry);

        protected override void Dispose(bool disposing) => inner.Dispose();
    }
}
