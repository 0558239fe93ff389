using Bijectors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

/// <summary>Skewness and tails that are learnt, the same for all features.</summary>
[GeneratedBijector]
public sealed partial class Skew : Bijector
{
    private readonly Parameter skew = new(tensor(0f).DetachFromDisposeScope());
    private readonly Parameter logTail = new(tensor(0f).DetachFromDisposeScope());

    public Skew() => RegisterComponents();

    public override int EventRank => 0;

    [Forward]
    private Tensor Map(Tensor x) => SinhArcsinh.Map(x, skew, torch.exp(logTail));
}
