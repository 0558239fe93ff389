using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// One part of a point is shifted by what a network says of the other: <c>(a, b) -> (a, b + t(a))</c>, volume
/// preserving.
/// </summary>
/// <remarks>Source: Dinh, Krueger, Bengio 2015, NICE, arXiv 1410.8516, eq. 8.</remarks>
[GeneratedBijector]
public sealed partial class AdditiveCoupling : Bijector
{
    private readonly Conditioner net;
    private readonly Partition _partition;

    /// <summary>An additive coupling.</summary>
    /// <param name="net">Reads the first part, gives one shift for each feature of the second.</param>
    /// <param name="partition">What the parts are; the halves of the features by default.</param>
    public AdditiveCoupling(Conditioner net, Partition? partition = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        net.CheckLayers();
        this.net = net;
        _partition = partition ?? Partition.OfCoupling(net.FeatureAxis, net.ContextSize);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => Math.Max(_partition.EventRank, net.EventRank);

    /// <summary>The type and the partition.</summary>
    public override string ToString() => $"AdditiveCoupling({_partition})";

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => NetworkShape.Check(this, input, _partition, net, 1);

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new AdditiveCoupling(net.Frozen(), _partition);

    [Forward]
    private Tensor Couple(Tensor x, Tensor? context)
    {
        var (a, b) = _partition.Split(x);
        b = b + net.Raw(a, context);
        return _partition.Join(a, b);
    }
}
