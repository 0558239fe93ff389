using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Outside;

/// <summary>A gain for each element: <c>y = exp(g) x</c>, <c>log|dy/dx| = sum of g</c>.</summary>
[GeneratedBijector]
public sealed partial class Gain : Bijector
{
    private readonly Tensor gain;

    public Gain(Tensor gain)
    {
        this.gain = gain;
        RegisterComponents();
    }

    public override int EventRank => 1;

    public override int? AffineAxis => 0;

    protected override Bijector FrozenCore(Shape input, ScalarType dtype) => new Gain(Initial.Snapshot(gain));

    [Forward]
    private Tensor Map(Tensor x) => x * exp(gain);
}
