using static TorchSharp.torch;

namespace Bijectors.Outside;

/// <summary><c>log scale = asinh(s)</c>: unbounded, but it grows slowly.</summary>
internal sealed class SlowScale : ScaleMap
{
    public override Tensor LogScale(Tensor raw) => raw.asinh();

    public override string ToString() => "asinh";
}
