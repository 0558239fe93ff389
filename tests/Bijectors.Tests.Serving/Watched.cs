using static TorchSharp.torch;

namespace Bijectors.Tests.Serving;

/// <summary>The identity, which tells of every pass: a test holds a pass there, or makes it fail.</summary>
internal sealed class Watched(Action<Tensor> pass) : Bijector
{
    public override int EventRank => 0;

    public override bool IsVolumePreserving => true;

    protected override Tensor ForwardCore(Tensor x, Tensor? context) => Pass(x);

    protected override Tensor InverseCore(Tensor y, Tensor? context) => Pass(y);

    protected override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank) => (Pass(x), zeros(x.shape[..^eventRank], x.dtype));

    protected override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank) => (Pass(y), zeros(y.shape[..^eventRank], y.dtype));

    private Tensor Pass(Tensor x)
    {
        pass(x);
        return x.clone();
    }
}
