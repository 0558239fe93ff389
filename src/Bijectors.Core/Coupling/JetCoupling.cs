using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The coupling of Jet: <c>(a, b) -> (a, 2 sigmoid(s(a)) (b + t(a)))</c>,
/// <c>log|dy/dx| = sum of log(2 sigmoid(s(a)))</c>. Its scales stay below 2 and start at 1.
/// </summary>
/// <remarks>Source: Kolesnikov, Pinto, Tschannen 2024, Jet: a modern transformer-based normalizing flow, arXiv
/// 2412.15129, section 3.1.</remarks>
[GeneratedBijector]
public sealed partial class JetCoupling : Bijector
{
    private readonly Conditioner net;
    private readonly Partition _partition;

    /// <summary>A coupling.</summary>
    /// <param name="net">Reads the first part, gives raw log-scales and shifts for the second.</param>
    /// <param name="partition">What the parts are; the halves of the features by default.</param>
    public JetCoupling(Conditioner net, Partition? partition = null)
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
    public override string ToString() => $"JetCoupling({_partition})";

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => NetworkShape.Check(this, input, _partition, net, 2);

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new JetCoupling(net.Frozen(), _partition);

    [Forward]
    private Tensor Couple(Tensor x, Tensor? context)
    {
        var (a, b) = _partition.Split(x);
        var (raw, shift) = net.ScaleAndShift(a, context);
        b = (b + shift) * (2 * sigmoid(raw));
        return _partition.Join(a, b);
    }
}
