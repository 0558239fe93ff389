using static TorchSharp.torch;

namespace Bijectors.Tests.Numerics;

/// <summary>
/// <c>y = 2 x</c> in float32 only, as layers with kernels of their own; and not even that where it fails.
/// </summary>
internal sealed class Narrow : Bijector
{
    public bool Fails { get; set; }

    public override int EventRank => 1;

    protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => Checked(x) * 2;

    protected internal override Tensor InverseCore(Tensor y, Tensor? context) => Checked(y) / 2;

    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank) =>
        (ForwardCore(x, context), LogDets.Constant(Math.Log(2), x, eventRank));

    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank) =>
        (InverseCore(y, context), LogDets.Constant(-Math.Log(2), y, eventRank));

    private Tensor Checked(Tensor x) =>
        !Fails && x.dtype == ScalarType.Float32 ? x : throw new InvalidOperationException("float32 only");
}
