using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A trained shift and scale for each channel: <c>y = (x - shift) exp(-logScale)</c>, <c>log|dy/dx| = -logScale</c> for each element.
/// Starts as the identity, or so that the first batch comes out standardised, see <see cref="DataInitialization"/>.
/// </summary>
/// <remarks>Source: Kingma, Dhariwal 2018, Glow, arXiv 1807.03039, section 3.1.</remarks>
[GeneratedBijector]
public sealed partial class ActNorm : Bijector
{
    // A channel that is constant in the first batch gets this deviation, not zero.
    private const double SmallestDeviation = 1e-3;

    private readonly Parameter shift;
    private readonly Parameter logScale;
    private readonly int _axis;

    /// <summary>An activation norm.</summary>
    /// <param name="shape">The event shape.</param>
    /// <param name="axis">Which dimension of it are the channels, counted from the end.</param>
    /// <exception cref="ShapeException">The shape has no such dimension.</exception>
    /// <exception cref="ArgumentException">The axis is not counted from the end.</exception>
    public ActNorm(Shape shape, int axis = -1)
    {
        Dimensions.CheckFromEnd(nameof(ActNorm), axis);
        _axis = axis;
        long[] sizes = [shape[axis], .. Enumerable.Repeat(1L, -axis - 1)];
        shift = Initial.Constant(0, sizes);
        logScale = Initial.Constant(0, sizes);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => -_axis;

    /// <summary>The type and the axis.</summary>
    public override string ToString() => $"ActNorm({_axis})";

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => input[_axis] == shift.shape[0]
        ? input
        : throw new ShapeException(ToString(), $"expected {shift.shape[0]} channels in dimension {_axis}", $"got {input}");

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override void InitializeFrom(Tensor x)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var channels = movedim(x, _axis, -1).reshape(-1, shift.shape[0]);
        shift.copy_(channels.mean([0]).reshape(shift.shape));
        logScale.copy_(channels.std(0, unbiased: false).clamp_min(SmallestDeviation).log().reshape(shift.shape));
    }

    [Forward]
    private Tensor Map(Tensor x) => (x - shift) * exp(-logScale);
}
