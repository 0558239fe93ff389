using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Outside;

/// <summary>Doubles, and says that its slope is 3: what the laws must find.</summary>
internal sealed class Lopsided : Bijector
{
    public override int EventRank => 0;

    public override bool HasConstantJacobian => true;

    protected override Tensor ForwardCore(Tensor x, Tensor? context) => 2 * x;

    protected override Tensor InverseCore(Tensor y, Tensor? context) => y / 2;

    protected override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(Tensor x, Tensor? context, int eventRank) =>
        (2 * x, LogDets.Constant(Math.Log(3), x, eventRank));

    protected override (Tensor X, Tensor LogDet) InverseWithLogDetCore(Tensor y, Tensor? context, int eventRank) =>
        (y / 2, LogDets.Constant(-Math.Log(3), y, eventRank));
}
