using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Affine layers of a frozen flow as one map, whose log-det does not depend on the point.</summary>
/// <param name="eventRank">How many last dimensions are one event.</param>
/// <param name="layers">The layers that it takes the place of.</param>
internal abstract class FrozenAffine(int eventRank, string layers) : Bijector
{
    /// <inheritdoc/>
    public sealed override int EventRank => eventRank;

    /// <inheritdoc/>
    public sealed override bool HasConstantJacobian => true;

    /// <summary><c>log|dy/dx|</c> of each entry, broadcastable to events.</summary>
    private protected abstract Tensor LogSlope { get; }

    /// <summary>The layers that it takes the place of.</summary>
    public sealed override string ToString() => layers;

    /// <inheritdoc/>
    protected sealed override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal sealed override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank) =>
        (ForwardCore(x, context), LogDets.Sum(LogSlope, x, eventRank));

    /// <inheritdoc/>
    protected internal sealed override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank) =>
        (InverseCore(y, context), LogDets.Negate(LogDets.Sum(LogSlope, y, eventRank)));
}
