using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// One part of a point goes, element by element, through monotone rational-quadratic splines that a network chooses
/// from the other: <c>(a, b) -> (a, spline(b; net(a)))</c>, <c>log|dy/dx| = sum of log spline'(b)</c>.
/// </summary>
/// <remarks>The splines map [-bound, bound] onto itself and are the identity outside: standardise the data first.
/// Source: Durkan et al. 2019, Neural spline flows, arXiv 1906.04032.</remarks>
[GeneratedBijector]
public sealed partial class SplineCoupling : Bijector
{
    private readonly Conditioner net;
    private readonly Partition _partition;
    private readonly int _bins;
    private readonly double _bound;

    /// <summary>A spline coupling.</summary>
    /// <param name="net">Reads the first part, gives 3 bins - 1 numbers for each feature of the second
    /// side by side (<see cref="RationalQuadratic.Parameters"/> has the order).</param>
    /// <param name="bins">The number of bins.</param>
    /// <param name="bound">Where the identity begins.</param>
    /// <param name="partition">What the parts are; the halves of the features by default.</param>
    /// <exception cref="ArgumentException">The bins are not 1 to 999, or the bound is not positive.</exception>
    public SplineCoupling(Conditioner net, int bins = 8, double bound = 3, Partition? partition = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        Numbers.CheckCount(nameof(SplineCoupling), "a number of bins", bins, least: 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, 999);
        Numbers.CheckPositive(nameof(SplineCoupling), bound);
        net.CheckLayers();
        this.net = net;
        _bins = bins;
        _bound = bound;
        _partition = partition ?? Partition.OfCoupling(net.FeatureAxis, net.ContextSize);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => Math.Max(_partition.EventRank, net.EventRank);

    /// <summary>The type, the bins and the partition.</summary>
    public override string ToString() => $"SplineCoupling({_bins}, {_partition})";

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) =>
        NetworkShape.Check(this, input, _partition, net, (3 * _bins) - 1);

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <summary>Where the identity begins.</summary>
    public double Bound => _bound;

    /// <inheritdoc/>
    public override double IntermediateSize => _bound;

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new SplineCoupling(net.Frozen(), _bins, _bound, _partition);

    [Forward]
    private Tensor Couple(Tensor x, Tensor? context)
    {
        var (a, b) = _partition.Split(x);
        var (widths, heights, slopes) = RationalQuadratic.Split(net.Table(a, context, (3 * _bins) - 1), _bins);
        b = RationalQuadratic.Map(b, widths, heights, slopes, _bound);
        return _partition.Join(a, b);
    }
}
