using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Conditioners;

/// <summary>
/// A coupling of two groups: a scale for each feature, and three numbers whose sum of sines shifts it.
/// </summary>
[GeneratedBijector]
public sealed partial class SineCoupling : Bijector
{
    private readonly Conditioner net;

    public SineCoupling(Conditioner net)
    {
        this.net = net;
        RegisterComponents();
    }

    public override int EventRank => 1;

    [Forward]
    private Tensor Couple(Tensor x, Tensor? context)
    {
        var (a, b) = Parts.Halves(x);
        var groups = net.Groups(a, context, 1, 3);
        b = b * torch.exp(torch.tanh(groups[0])) + torch.sin(groups[1]).sum(-1);
        return Parts.Join(a, b);
    }
}
