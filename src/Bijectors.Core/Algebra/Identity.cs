using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The bijector <c>y = x</c>.</summary>
public sealed class Identity : Bijector, IRearrangement
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    /// <inheritdoc/>
    public override bool IsVolumePreserving => true;

    Bijector IRearrangement.Undo => this;

    Bijector IRearrangement.Then(Bijector next) => next;

    /// <inheritdoc/>
    protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => x.alias();

    /// <inheritdoc/>
    protected internal override Tensor InverseCore(Tensor y, Tensor? context) => y.alias();

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(Tensor x, Tensor? context, int eventRank) =>
        (x.alias(), LogDets.Zero(x));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(Tensor y, Tensor? context, int eventRank) =>
        (y.alias(), LogDets.Zero(y));
}
