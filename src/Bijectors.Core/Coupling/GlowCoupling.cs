using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The coupling of Glow: <c>(a, b) -> (a, (b + t(a)) sigmoid(s(a) + 2))</c>,
/// <c>log|dy/dx| = sum of log sigmoid(s(a) + 2)</c>. Its scales stay below 1.
/// </summary>
/// <remarks>Source: Kingma, Dhariwal 2018, Glow, arXiv 1807.03039, and its published code.</remarks>
[GeneratedBijector]
public sealed partial class GlowCoupling : Bijector
{
    private readonly Conditioner net;
    private readonly Partition _partition;

    /// <summary>A coupling.</summary>
    /// <param name="net">Reads the first part, gives raw log-scales and shifts for the second.</param>
    /// <param name="partition">What the parts are; the halves of the channels by default.</param>
    public GlowCoupling(Conditioner net, Partition? partition = null)
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
    public override string ToString() => $"GlowCoupling({_partition})";

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => NetworkShape.Check(this, input, _partition, net, 2);

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new GlowCoupling(net.Frozen(), _partition);

    [Forward]
    private Tensor Couple(Tensor x, Tensor? context)
    {
        var (a, b) = _partition.Split(x);
        var (raw, shift) = net.ScaleAndShift(a, context);
        b = (b + shift) * sigmoid(raw + 2);
        return _partition.Join(a, b);
    }
}
