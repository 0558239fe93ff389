using static TorchSharp.torch;

namespace Bijectors.Outside;

/// <summary>
/// A map in other coordinates: <c>y = f^-1(g(f(x)))</c>,
/// <c>log|dy/dx| = log|df(x)| + log|dg(f(x))| - log|df(y)|</c>.
/// </summary>
[GeneratedBijector]
public sealed partial class Conjugated : Bijector
{
    private readonly Bijector f;
    private readonly Bijector g;

    public Conjugated(Bijector f, Bijector g)
    {
        Nesting.CheckAround(nameof(Conjugated), f, g);

        // A chain of them says where they are defined, or that they do not fit.
        var steps = Chain.Of(f, g, ~f);
        (Domain, Codomain) = (steps.Domain, steps.Codomain);
        this.f = f;
        this.g = g;
        RegisterComponents();
    }

    public override int EventRank => Math.Max(f.EventRank, g.EventRank);

    public override Domain Domain { get; }

    public override Domain Codomain { get; }

    public override IReadOnlyList<Stage> Stages => [Stage.Of(f), Stage.Of(g), Stage.Of(f, isInverse: true)];

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        x = f.Forward(x, context);
        x = g.Forward(x, context);
        return f.Inverse(x, context);
    }
}
