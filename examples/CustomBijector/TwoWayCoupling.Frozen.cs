using Bijectors;
using static TorchSharp.torch;

public sealed partial class TwoWayCoupling
{
    protected override Bijector FrozenCore(Shape input, ScalarType dtype) => new TwoWayCoupling(f.Frozen(), g.Frozen());
}
