using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Outside;

/// <summary>Bijectors on the first and the last third of a vector; the middle stays.</summary>
[GeneratedBijector]
public sealed partial class OnThirds : Bijector
{
    private readonly Bijector first;
    private readonly Bijector last;

    public OnThirds(Bijector first, Bijector last)
    {
        Nesting.CheckAround(nameof(OnThirds), first, last);
        this.first = first;
        this.last = last;
        RegisterComponents();
    }

    public override int EventRank => 1;

    public override IReadOnlyList<Stage> Stages => [Stage.On(new ThirdsView(), first, null, last)];

    protected override Bijector FrozenCore(Shape input, ScalarType dtype)
    {
        var (a, _, c) = Parts.Thirds(input);
        return new OnThirds(first.Frozen(a, dtype), last.Frozen(c, dtype));
    }

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (a, b, c) = Parts.Thirds(x);
        a = first.Forward(a, context);
        c = last.Forward(c, context);
        return Parts.Join(a, b, c);
    }
}
