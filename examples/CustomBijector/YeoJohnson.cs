using Bijectors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

/// <summary>
/// A learnt power for data of either sign: two pieces that meet at 0. Source: Yeo, Johnson 2000, A new family of power
/// transformations to improve normality or symmetry, Biometrika 87 (4).
/// </summary>
[GeneratedBijector]
public sealed partial class YeoJohnson : Bijector
{
    private readonly Parameter a = new(tensor(0f).DetachFromDisposeScope());

    public YeoJohnson() => RegisterComponents();

    [Forward]
    private Tensor Map(Tensor x)
    {
        var lambda = 1 + 0.99 * torch.tanh(a);          // between 0 and 2
        return torch.where(
            x < 0, -(torch.pow(1 - x, 2 - lambda) - 1) / (2 - lambda), (torch.pow(1 + x, lambda) - 1) / lambda);
    }
}
