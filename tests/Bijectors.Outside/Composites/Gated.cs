using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.Outside;

/// <summary>
/// A bijector of vectors behind which each element has a trained gain: <c>y = exp(g) f(x)</c>,
/// <c>log|dy/dx| = log|df/dx| + sum of g</c>.
/// </summary>
[GeneratedBijector]
public sealed partial class Gated : Bijector
{
    private readonly Bijector inner;
    private readonly Parameter gain;

    public Gated(Bijector inner, long size)
    {
        if (!inner.Codomain.Equals(Domain.Real))
        {
            throw new DomainException($"{inner}", nameof(Gated), Domain.Real, inner.Codomain);
        }

        Nesting.CheckAround(nameof(Gated), inner);
        this.inner = inner;
        gain = Initial.Constant(0, size);
        RegisterComponents();
    }

    public override int EventRank => 1;

    public override Domain Domain => inner.Domain;

    public override Domain Codomain => Domain.Real;

    // The second step is its own: a bijector that reads the same parameter.
    public override IReadOnlyList<Stage> Stages => [Stage.Of(inner), Stage.Own(new Gain(gain))];

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        x = inner.Forward(x, context);
        return x * exp(gain);
    }
}
