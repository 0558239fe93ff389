using Bijectors.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.Tests.Language;

/// <summary>The maps of docs/generator.md, held to every law.</summary>
public class Documented
{
    [Fact]
    public void A_masked_autoregressive_map_in_three_lines() =>
        BijectorLaws.Check(() => new Maf(new Made(4, 8, 1, new Generator(1))), Shape.Vector(4));

    [Fact]
    public void Its_inverse_is_the_inverse_autoregressive_map() =>
        BijectorLaws.Check(() => ~new Maf(new Made(4, 8, 1, new Generator(1))), Shape.Vector(4));

    [Fact]
    public void A_planar_map() => BijectorLaws.Check(() => new Planar(4, new Generator(2)), Shape.Vector(4));

    [Fact]
    public void A_coupling_by_sums_of_steps() =>
        BijectorLaws.Check(
            () => new StepCoupling(new ResidualMlp(2, 2 * 6, 6, 1, new Generator(3)), 3), Shape.Vector(4));

    [Fact]
    public void Couplings_that_take_turns() =>
        BijectorLaws.Check(() => new Turns(4, 3, new Generator(4)), Shape.Vector(4));

    [Fact]
    public void A_row_of_ones_own() => BijectorLaws.Check(() => new Gompertz(), Shape.Vector(3));
}

[GeneratedBijector]
public sealed partial class Maf : Bijector
{
    private readonly Made net;

    public Maf(Made net)
    {
        this.net = net;
        RegisterComponents();
    }

    public override int EventRank => 1;

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (s, t) = net.ScaleAndShift(x, context);     // entry i of s and t depends on the entries of x before i
        return (x - t) * torch.exp(-s);
    }
}

[GeneratedBijector]
public sealed partial class Planar : Bijector
{
    private readonly Parameter u;
    private readonly Parameter w;
    private readonly Parameter b;

    public Planar(long features, Generator generator)
    {
        u = new Parameter(torch.randn(features, generator: generator).DetachFromDisposeScope());
        w = new Parameter(torch.randn(features, generator: generator).DetachFromDisposeScope());
        b = new Parameter(torch.zeros(1).DetachFromDisposeScope());
        RegisterComponents();
    }

    public override int EventRank => 1;

    protected override Shape OutputShapeCore(Shape input) =>
        input[-1] == u.numel()
            ? input
            : throw new ShapeException(nameof(Planar), $"expected {u.numel()} features", $"got {input}");

    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    [Forward]
    private Tensor Map(Tensor x) => x + Bend(x);

    // |dg/dx| = |u| |w| |tanh'| is below 0.9 where |u| |w| is.
    [Contractive(0.9)]
    private Tensor Bend(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        var size = (u.norm() * w.norm() / 0.9).clamp(min: 1);
        var bend = torch.tanh((x * w).sum(-1, keepdim: true) + b);
        return (bend * u / size).MoveToOuterDisposeScope();
    }
}

[GeneratedBijector(Numerical = true)]
public sealed partial class StepCoupling : Bijector
{
    private readonly Conditioner net;
    private readonly int _components;

    public StepCoupling(Conditioner net, int components)
    {
        this.net = net;
        _components = components;
        RegisterComponents();
    }

    public override int EventRank => 1;

    [Forward]
    private Tensor Couple(Tensor x, Tensor? context)
    {
        var (a, b) = Parts.Halves(x);
        var mixture = net.Evaluate(a, context);
        b = Rise(b, mixture, _components);
        return Parts.Join(a, b);
    }

    // x + sum of exp(s_k) tanh(x - m_k): every slope is above 1
    [Monotone]
    private static Tensor Rise(Tensor x, Tensor mixture, int components)
    {
        using var scope = torch.NewDisposeScope();
        var parameters = mixture.unflatten(mixture.dim() - 1, [x.shape[^1], 2, components]);
        var steps = parameters.select(-2, 0).exp() * torch.tanh(x.unsqueeze(-1) - parameters.select(-2, 1));
        return (x + steps.sum(-1)).MoveToOuterDisposeScope();
    }
}

[GeneratedBijector]
public sealed partial class Turns : Bijector
{
    private readonly ModuleList<ResidualMlp> nets;

    public Turns(long features, int count, Generator generator)
    {
        nets =
            new([.. Enumerable.Range(0, count).Select(_ => new ResidualMlp(features / 2, features, 8, 1, generator))]);
        RegisterComponents();
    }

    public override int EventRank => 1;

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (a, b) = Parts.Halves(x);
        foreach (var net in nets)
        {
            var (s, t) = net.ScaleAndShift(a, context);
            b = b * torch.exp(torch.tanh(s)) + t;
            (a, b) = (b, a);
        }

        return Parts.Join(a, b);
    }
}

[GeneratedBijector]
public sealed partial class Gompertz : Bijector
{
    [Forward]
    private static Tensor Map(Tensor x) => Curve(x, 0.5);

    // exp(-k exp(-x)), from all reals onto (0, 1)
    [Primitive(nameof(Inverse), nameof(LogSlope), RangeLow = 0, RangeHigh = 1)]
    private static Tensor Curve(Tensor x, double k) => torch.exp(-k * torch.exp(-x));

    private static Tensor Inverse(Tensor y, double k) => -torch.log(-torch.log(y) / k);

    private static Tensor LogSlope(Tensor x, double k) => Math.Log(k) - x - k * torch.exp(-x);
}
