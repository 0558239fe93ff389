using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Neighbouring linear maps along one axis as one: <c>y = W x + b</c> and <c>x = V y + c</c> with V the inverse of W,
/// for the vectors along that axis; <c>log|dy/dx|</c> is <c>log|det W|</c> for each.
/// </summary>
internal sealed class FrozenLinear : FrozenAffine
{
    private readonly Tensor weight;
    private readonly Tensor bias;
    private readonly Tensor inverse;
    private readonly Tensor inverseBias;

    // log|det W| for each entry of a vector.
    private readonly Tensor logSlope;
    private readonly int _axis;

    private FrozenLinear(AffineProbe probe, int axis, int eventRank, string name)
        : base(eventRank, name)
    {
        _axis = axis;
        (weight, bias, inverse, inverseBias, logSlope) =
            (probe.Weight, probe.Bias, probe.Inverse, probe.InverseBias, probe.LogSlope);
        RegisterComponents();
    }

    private FrozenLinear(FrozenLinear source)
        : base(source.EventRank, source.ToString())
    {
        _axis = source._axis;
        (weight, bias) = (Initial.Snapshot(source.weight), Initial.Snapshot(source.bias));
        (inverse, inverseBias) = (Initial.Snapshot(source.inverse), Initial.Snapshot(source.inverseBias));
        logSlope = Initial.Snapshot(source.logSlope);
        RegisterComponents();
    }

    /// <inheritdoc/>
    private protected override Tensor LogSlope => logSlope;

    /// <inheritdoc/>
    public override int? AffineAxis => _axis;

    /// <summary>One map for layers that are affine along one axis.</summary>
    /// <param name="layers">The layers, of float64.</param>
    /// <param name="size">How many entries the axis has.</param>
    /// <param name="axis">The axis, counted from the end.</param>
    public static FrozenLinear Of(IReadOnlyList<Bijector> layers, long size, int axis)
    {
        var name = Freezing.Name(layers);
        var whole = Chain.Of([.. layers]);
        return new(AffineProbe.OfVectors(whole, size, axis, name), axis, whole.EventRank, name);
    }

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => input[_axis] == bias.numel()
        ? input
        : throw new ShapeException(ToString(), $"expected {bias.numel()} entries in dimension {_axis}", $"got {input}");

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) => new FrozenLinear(this);

    /// <inheritdoc/>
    protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => AxisProduct.Of(x, _axis, weight, bias);

    /// <inheritdoc/>
    protected internal override Tensor InverseCore(Tensor y, Tensor? context) =>
        AxisProduct.Of(y, _axis, inverse, inverseBias);
}
