using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// One part of a point is scaled and shifted by what a network says of the other:
/// <c>(a, b) -> (a, b exp(s(a)) + t(a))</c>, <c>log|dy/dx| = sum of s(a)</c>.
/// </summary>
/// <remarks>Source: Dinh, Sohl-Dickstein, Bengio 2017, Density estimation using Real NVP, arXiv 1605.08803, eq. 4 and
/// 5.</remarks>
[GeneratedBijector]
public sealed partial class AffineCoupling : Bijector
{
    private readonly Conditioner net;
    private readonly Partition _partition;
    private readonly ScaleMap _scale;

    /// <summary>An affine coupling.</summary>
    /// <param name="net">Reads the first part, gives raw log-scales and shifts for the second.</param>
    /// <param name="partition">What the parts are; the halves of the features by default.</param>
    /// <param name="scale">How raw numbers become scales; <see cref="ScaleMap.Bounded"/> by default.</param>
    public AffineCoupling(Conditioner net, Partition? partition = null, ScaleMap? scale = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        net.CheckLayers();
        this.net = net;
        _partition = partition ?? Partition.OfCoupling(net.FeatureAxis, net.ContextSize);
        _scale = scale ?? ScaleMap.Bounded();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => Math.Max(_partition.EventRank, net.EventRank);

    /// <summary>The type and the partition.</summary>
    public override string ToString() => $"AffineCoupling({_partition})";

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => NetworkShape.Check(this, input, _partition, net, 2);

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new AffineCoupling(net.Frozen(), _partition, _scale);

    [Forward]
    private Tensor Couple(Tensor x, Tensor? context)
    {
        var (a, b) = _partition.Split(x);
        var (raw, shift) = net.ScaleAndShift(a, context);
        b = (b * exp(_scale.LogScale(raw))) + shift;
        return _partition.Join(a, b);
    }
}
