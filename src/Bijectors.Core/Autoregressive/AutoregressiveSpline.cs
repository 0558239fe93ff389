using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Every feature goes through a monotone rational-quadratic spline whose parameters depend on the features before it:
/// <c>y_i = spline(x_i; net(x_&lt;i))</c>, <c>log|dy/dx| = sum of log spline'(x_i)</c>.
/// </summary>
/// <remarks>
/// The splines map [-bound, bound] onto itself and are the identity outside: standardise the data first. The inverse
/// goes through the features one by one, as that of <see cref="MaskedAutoregressive"/>.
/// Source: Durkan et al. 2019, Neural spline flows, arXiv 1906.04032, RQ-NSF (AR).
/// </remarks>
[GeneratedBijector]
public sealed partial class AutoregressiveSpline : Bijector, ICausalInverse
{
    private readonly CausalConditioner net;
    private readonly double _bound;
    private CausalSolution _solution;

    /// <summary>An autoregressive layer of splines.</summary>
    /// <param name="net">What gives <c>3 K - 1</c> parameters for each feature, for splines of K bins.</param>
    /// <param name="bound">Where the identity begins.</param>
    /// <param name="solution">How the inverse is found; incrementally by default.</param>
    /// <exception cref="ArgumentException">The network gives another number of parameters, or the bound is not
    /// positive.</exception>
    public AutoregressiveSpline(CausalConditioner net, double bound = 3, CausalSolution? solution = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        Numbers.CheckPositive(nameof(AutoregressiveSpline), bound);
        if (net.Outputs % 3 != 2)
        {
            throw new ArgumentException(
                "AutoregressiveSpline: expected a network with 3 K - 1 outputs for each feature, "
                + "for splines of K bins, "
                + $"got {net.Outputs}.",
                nameof(net));
        }

        net.CheckLayers();
        this.net = net;
        _bound = bound;
        _solution = solution ?? CausalSolution.Incremental;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => net.EventRank;

    /// <summary>How the inverse is found; may be changed at any time.</summary>
    public CausalSolution Solution
    {
        get => _solution;
        set => _solution = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>Where the identity begins.</summary>
    public double Bound => _bound;

    /// <inheritdoc/>
    public override double IntermediateSize => _bound;

    /// <inheritdoc/>
    int? ICausalInverse.Axis => net.CausalAxis == -1 ? null : net.CausalAxis;

    /// <summary>The type, the bins, and the number of features or the type of the network.</summary>
    public override string ToString() => $"AutoregressiveSpline({(net.Outputs + 1) / 3}, {net})";

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => NetworkShape.Check(this, input, net, net.Outputs);

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new AutoregressiveSpline(net.Frozen(), _bound, _solution);

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (widths, heights, slopes) = net.Spline(x, context);
        return RationalQuadratic.Map(x, widths, heights, slopes, _bound);
    }
}
