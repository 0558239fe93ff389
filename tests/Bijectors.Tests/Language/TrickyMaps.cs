using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Language;

// What each class maps must be what its own body says in plain C#, however it is written: the body is called as a
// method and compared.

public interface ITricky
{
    Tensor Plain(Tensor x);
}

[GeneratedBijector]
public sealed partial class NoBlanks : Bijector, ITricky
{
    private const double K = 3;
    private readonly double _a = 2, _b = 0.5;

    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x);

    [Forward]
    private Tensor Map(Tensor x)
    {
        var k=_a+_b;
        var l=k*2;
        x = x - (_a-_b);
        x = x * (1/2.0);
        x = x / (K*2);
        return x * (K+1) + l;
    }
}

[GeneratedBijector]
public sealed partial class TypedLocals : Bijector, ITricky
{
    private readonly int _n = 3;

    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x);

    [Forward]
    private Tensor Map(Tensor x)
    {
        double k = 3;
        double m = _n;
        const double local = 5;
        (double p, double q) = Pair();
        Tensor s = 2.0;
        x = x + k / 2 + m / 2 + p / q;
        return x * (local / 2) * s.exp();
    }

    private static (int P, int Q) Pair() => (3, 2);
}

[GeneratedBijector]
public sealed partial class Receivers : Bijector, ITricky
{
    private readonly Partition _p = Partition.Alternating();
    private readonly Bijector f = new Sinh();
    private readonly int _n = 1;

    public Receivers() => RegisterComponents();

    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x, null);

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var p = _p.Swapped();
        var g = f;
        var n = _n + 1;
        var (a, b) = p.Split(x);
        a = g.Forward(a, context: context);
        b = (~f).Forward(b);
        x = p.Join(a, b);
        return Parts.Roll(x, n * 2);
    }
}

[GeneratedBijector]
public sealed partial class Slopes : Bijector, ITricky
{
    private readonly int _n = 2;

    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x);

    [Forward]
    private Tensor Map(Tensor x)
    {
        x = nn.functional.leaky_relu(x);
        x = nn.functional.leaky_relu(x, 2);
        x = nn.functional.leaky_relu(x, Math.Exp(_n));
        return x;
    }
}

[GeneratedBijector]
public sealed partial class Rebound : Bijector, ITricky
{
    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x);

    [Forward]
    private Tensor Map(Tensor x)
    {
        var (@in, b) = Parts.Halves(x);
        var swap = @in;
        @in = b;
        b = swap;
        var st = (Scale: torch.tanh(b), Shift: torch.sin(b));
        var (_, t) = Twice(b);
        @in = @in * torch.exp(st.Scale) + st.Shift + t;
        var y = Parts.Join(b, @in);
        return y * 2;
    }

    private static (Tensor A, Tensor B) Twice(Tensor a) => (a.cos(), a * 2);
}

[GeneratedBijector]
public sealed partial class TwoCouplings : Bijector, ITricky
{
    private readonly double y = 0.3, x = 0.2;

    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x);

    [Forward]
    private Tensor Map(Tensor point)
    {
        var (a, b) = Parts.Halves(point);
        b = b + torch.sin(a) * y;
        point = Parts.Join(a, b);
        var (c, d) = Parts.Halves(Parts.Flip(point));
        d = d * torch.exp(torch.tanh(c) * x);
        return Parts.Join(c, d);
    }
}

[GeneratedBijector]
public sealed partial class TargetTyped : Bijector, ITricky
{
    private readonly bool _b = true;

    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x);

    [Forward]
    private Tensor Map(Tensor x)
    {
        Derived d = new();
        Options o = new(3);
        (double, double) p = (1, 2);
        IReadOnlyList<double> w = [1, 2];
        double? m = _b ? 1 : null;
        x = x + Use(d) + o.K;
        x = x + p.Item1 / p.Item2;
        return x + Sum(w) + m!.Value;
    }

    private static double Use(Base b) => b is Derived ? 5 : 1;

    private static double Sum(IReadOnlyList<double> w) => w[0];

    private static double Sum(ReadOnlySpan<double> w) => 10 * w[0];

    private class Base;

    private sealed class Derived : Base;

    private sealed record Options(double K);
}

[GeneratedBijector]
public sealed partial class ManySharedValues : Bijector, ITricky
{
    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x);

    [Forward]
    private Tensor Map(Tensor x)
    {
        var (a, b) = Parts.Halves(x);
        var h = a.sin();
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        h = (h + torch.sin(h)) / 2;
        b = b * torch.exp(h);
        return Parts.Join(a, b);
    }
}
