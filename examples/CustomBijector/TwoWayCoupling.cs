using Bijectors;
using TorchSharp;
using static TorchSharp.torch;

/// <summary>A coupling of a user's own: b is mapped by what a says, then a by what the new b says.</summary>
[GeneratedBijector]
public sealed partial class TwoWayCoupling : Bijector
{
    private readonly Conditioner f;
    private readonly Conditioner g;

    public TwoWayCoupling(Conditioner f, Conditioner g)
    {
        this.f = f;
        this.g = g;
        RegisterComponents();
    }

    public override int EventRank => 1;

    [Forward]
    private Tensor Couple(Tensor x, Tensor? context)
    {
        var (a, b) = Parts.Halves(x);
        var (s, t) = f.ScaleAndShift(a, context);
        b = b * torch.exp(torch.tanh(s)) + t;           // b from a
        var (u, v) = g.ScaleAndShift(b, context);
        a = a * torch.exp(torch.tanh(u)) + v;           // then a from the new b
        return Parts.Join(a, b);
    }
}
