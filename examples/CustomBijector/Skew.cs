using Bijectors;
using TorchSharp;
using static TorchSharp.torch;

/// <summary>Skewness and tails that are learnt, the same for all features.</summary>
[GeneratedBijector]
public sealed partial class Skew : Bijector
{
    private readonly Tensor skew;
    private readonly Tensor logTail;

    public Skew()
        : this(nn.Parameter(zeros([])), nn.Parameter(zeros([])))
    {
    }

    private Skew(Tensor skew, Tensor logTail)
    {
        (this.skew, this.logTail) = (skew, logTail);
        RegisterComponents();
    }

    public override int EventRank => 0;

    protected override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new Skew(skew.detach().clone(), logTail.detach().clone());

    [Forward]
    private Tensor Map(Tensor x) => SinhArcsinh.Map(x, skew, torch.exp(logTail));
}
