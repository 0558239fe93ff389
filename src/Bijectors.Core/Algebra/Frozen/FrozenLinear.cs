using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Neighbouring linear maps along one axis as one: <c>y = W x + b</c> and <c>x = V y + c</c> with V the inverse of W,
/// for the vectors along that axis; <c>log|dy/dx|</c> is <c>log|det W|</c> for each.
/// </summary>
internal sealed class FrozenLinear : Bijector
{
    private readonly Tensor weight;
    private readonly Tensor bias;
    private readonly Tensor inverse;
    private readonly Tensor inverseBias;

    // log|det W| for each entry of a vector.
    private readonly Tensor logSlope;
    private readonly string _name;
    private readonly int _axis;

    private FrozenLinear(AffineProbe probe, int axis, int eventRank, string name)
    {
        EventRank = eventRank;
        _name = name;
        _axis = axis;
        (weight, bias, inverse, inverseBias, logSlope) =
            (probe.Weight, probe.Bias, probe.Inverse, probe.InverseBias, probe.LogSlope);
        RegisterComponents();
    }

    private FrozenLinear(FrozenLinear source)
    {
        (EventRank, _name, _axis) = (source.EventRank, source._name, source._axis);
        weight = Initial.Snapshot(source.weight);
        bias = Initial.Snapshot(source.bias);
        inverse = Initial.Snapshot(source.inverse);
        inverseBias = Initial.Snapshot(source.inverseBias);
        logSlope = Initial.Snapshot(source.logSlope);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank { get; }

    /// <inheritdoc/>
    public override bool HasConstantJacobian => true;

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

    /// <summary>What it stands for.</summary>
    public override string ToString() => _name;

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => input[_axis] == bias.numel()
        ? input
        : throw new ShapeException(ToString(), $"expected {bias.numel()} entries in dimension {_axis}", $"got {input}");

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) => new FrozenLinear(this);

    /// <inheritdoc/>
    protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => AxisProduct.Of(x, _axis, weight, bias);

    /// <inheritdoc/>
    protected internal override Tensor InverseCore(Tensor y, Tensor? context) =>
        AxisProduct.Of(y, _axis, inverse, inverseBias);

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank) =>
        (ForwardCore(x, context), LogDets.Sum(logSlope, x, eventRank));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank) =>
        (InverseCore(y, context), LogDets.Negate(LogDets.Sum(logSlope, y, eventRank)));
}
