using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A trained shift and scale for each channel, or for each element: <c>y = (x - shift) exp(-logScale)</c>,
/// <c>log|dy/dx| = -logScale</c>. Starts as the identity, or so that the first batch comes out standardised, see
/// <see cref="DataInitialization"/>: channels that are constant there are centred only, and a layer whose shift or
/// scale is no longer zero is not initialised again.
/// </summary>
/// <remarks>Source: Kingma, Dhariwal 2018, Glow, arXiv 1807.03039, section 3.1.</remarks>
[GeneratedBijector]
public sealed partial class ActNorm : Bijector
{
    // What is nearly constant in the first batch gets this deviation; what is constant says nothing, and
    // keeps its scale.
    private const double SmallestDeviation = 1e-3;

    // Constants, registered under the same names as buffers, in a copy.
    private readonly Tensor shift;
    private readonly Tensor logScale;
    private readonly Shape _shape;
    private readonly int? _axis;
    private readonly double _floor;

    /// <summary>An activation norm of channels.</summary>
    /// <param name="shape">The event shape.</param>
    /// <param name="axis">Which dimension of it are the channels, counted from the end.</param>
    /// <param name="floor">
    /// The smallest deviation that the first batch may give a channel, as a share of the largest. A pixel that is
    /// nearly constant in the first batch and bright in a later item comes out at the inverse of its deviation,
    /// hundreds; a floor keeps that within its own inverse times the usual range. 0, no floor, suits features of
    /// different units.
    /// </param>
    /// <exception cref="ShapeException">The shape has no such dimension.</exception>
    /// <exception cref="ArgumentException">The axis is not counted from the end, or the floor is outside
    /// [0, 1].</exception>
    public ActNorm(Shape shape, int axis = -1, double floor = 0)
        : this(Channels(shape, axis), (int?)axis, floor)
    {
    }

    private ActNorm(Shape shape, int? axis, double floor)
    {
        _floor = floor is >= 0 and <= 1
            ? floor
            : throw new ArgumentException(
                FormattableString.Invariant($"ActNorm: expected a floor from 0 to 1, got {floor}."), nameof(floor));
        _shape = shape;
        _axis = axis;
        shift = Initial.Constant(0, shape.ToArray());
        logScale = Initial.Constant(0, shape.ToArray());
        RegisterComponents();
    }

    private ActNorm(ActNorm source)
    {
        _shape = source._shape;
        _axis = source._axis;
        _floor = source._floor;
        shift = Initial.Snapshot(source.shift);
        logScale = Initial.Snapshot(source.logScale);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => _shape.Rank;

    /// <summary>The shape of the shifts and scales.</summary>
    internal Shape Shape => _shape;

    /// <summary>The dimension of the channels; null where every element has its own.</summary>
    internal int? Axis => _axis;

    /// <summary>The smallest deviation that the first batch may give, as a share of the largest.</summary>
    internal double Floor => _floor;

    /// <summary>An activation norm of every element separately.</summary>
    /// <param name="shape">The event shape.</param>
    /// <param name="floor">The smallest deviation from the first batch, see
    /// <see cref="ActNorm(Shape, int, double)"/>.</param>
    /// <exception cref="ArgumentException">The floor is outside [0, 1].</exception>
    public static ActNorm Elements(Shape shape, double floor = 0) => new(shape, null, floor);

    /// <summary>The type and the axis, or the shape.</summary>
    public override string ToString() => _axis is { } axis ? $"ActNorm({axis})" : $"ActNorm{_shape}";

    /// <inheritdoc/>
    public override int? AffineAxis => 0;

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) =>
        (_axis is { } axis ? Channels(input, axis) : input) == _shape
            ? input
            : throw new ShapeException(
                ToString(), _axis is { } dim
                    ? $"expected {_shape[0]} channels in dimension {dim}"
                    : $"expected {_shape}", $"got {input}");

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override void InitializeFrom(Tensor x)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();

        // Parameters are saved, copied and loaded, so they say themselves whether anything has set them before.
        if (!IsZero(shift) || !IsZero(logScale))
        {
            return;
        }

        var items = (_axis is { } axis ? movedim(x, axis, -1) : x).reshape(-1, _shape.Size);
        var mean = items.mean([0]);
        var deviation = items.std(0, unbiased: false);
        if (shift.requires_grad)
        {
            shift.copy_(where(mean.isfinite(), mean, zeros_like(mean)).reshape(shift.shape));
        }

        if (logScale.requires_grad)
        {
            var spread = HasSpread(items, deviation);
            var known = where(spread, deviation, zeros_like(deviation));
            var least = Math.Max(SmallestDeviation, _floor * known.max().ToDouble());
            var logDeviation = known.clamp_min(least).log();
            logScale.copy_(where(spread, logDeviation, zeros_like(logDeviation)).reshape(shift.shape));
        }
    }

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) => new ActNorm(this);

    private static bool IsZero(Tensor parameter) => !parameter.any().item<bool>();

    /// <summary>
    /// Whether a deviation is a number, and more than the rounding of the mean of equal numbers leaves.
    /// </summary>
    private static Tensor HasSpread(Tensor items, Tensor deviation)
    {
        var rounding = items.abs().amax([0]) * (4 * finfo(items.dtype).eps);
        return (deviation > rounding).logical_and(deviation.isfinite());
    }

    /// <summary>The channels of a shape, and 1 for each dimension behind them.</summary>
    private static Shape Channels(Shape shape, int axis)
    {
        Dimensions.CheckFromEnd(nameof(ActNorm), axis);
        return Shape.Of([shape[axis], .. Enumerable.Repeat(1L, -axis - 1)]);
    }

    [Forward]
    private Tensor Map(Tensor x) => (x - shift) * exp(-logScale);
}
