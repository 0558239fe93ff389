using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// One part of a point goes, number by number, through a transformer whose parameters a network reads off the other:
/// <c>(a, b) -> (a, f(b; net(a)))</c>, <c>log|dy/dx| = sum of log|f'(b)|</c>.
/// </summary>
/// <remarks>Source: Dinh, Krueger, Bengio 2015, NICE, arXiv 1410.8516, section 3.2.</remarks>
[GeneratedBijector]
public sealed partial class Coupling : Bijector
{
    private readonly Conditioner net;
    private readonly Transformer transformer;
    private readonly Partition _partition;

    /// <summary>A coupling.</summary>
    /// <param name="net">Reads the first part, gives <see cref="Transformer.ParameterCount"/> features for each one of
    /// the second.</param>
    /// <param name="transformer">What maps the second part.</param>
    /// <param name="partition">What the parts are; the halves of the features by default.</param>
    public Coupling(Conditioner net, Transformer transformer, Partition? partition = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(transformer);
        net.CheckLayers();
        this.net = net;
        this.transformer = transformer;
        _partition = partition ?? Partition.OfCoupling(net.FeatureAxis, net.ContextSize);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => Math.Max(_partition.EventRank, net.EventRank);

    /// <inheritdoc/>
    public override Domain Domain => PartsDomain.Of(Domain.Real, transformer.Domain, _partition);

    /// <inheritdoc/>
    public override Domain Codomain => PartsDomain.Of(Domain.Real, transformer.Codomain, _partition);

    /// <inheritdoc/>
    public override bool IsVolumePreserving => transformer.IsVolumePreserving;

    /// <inheritdoc/>
    public override bool IsIterative => transformer.IsIterative;

    /// <inheritdoc/>
    public override bool ReadsContext => net.ContextSize > 0;

    /// <inheritdoc/>
    public override double IntermediateSize => transformer.IntermediateSize;

    /// <summary>The type, the transformer and the partition.</summary>
    public override string ToString() => $"Coupling({transformer}, {_partition})";

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) =>
        NetworkShape.Check(this, input, _partition, net, transformer.ParameterCount);

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new Coupling(net.Frozen(), transformer.Frozen(dtype), _partition);

    [Forward]
    private Tensor Couple(Tensor x, Tensor? context)
    {
        var (a, b) = _partition.Split(x);
        b = transformer.Apply(b, transformer.Read(net, a, context));
        return _partition.Join(a, b);
    }
}
