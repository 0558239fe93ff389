using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>The dtype and device of a flow, which batches are brought to.</summary>
internal readonly record struct Placement(ScalarType Dtype, Device Device)
{
    public static Placement Of(Flow flow) => new(flow.Dtype, flow.Device);

    /// <summary>A fresh tensor with the values of <paramref name="x"/>.</summary>
    public Tensor Place(Tensor x) => x.to(Dtype, Device);
}
