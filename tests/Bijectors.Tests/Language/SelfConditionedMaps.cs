using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Language;

// Parts that condition themselves, as TrickyMaps has those that do not.

[GeneratedBijector]
public sealed partial class CausalMethod : Bijector, ITricky
{
    private readonly double[] _weights = [0.3, -0.5];

    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x);

    [Forward]
    private Tensor Map(Tensor x)
    {
        var (s, t) = Before(x, _weights[0]);
        s = torch.tanh(s);
        x = torch.nn.functional.leaky_relu(x - t * 2, 0.5);
        return -x * torch.exp(s) + _weights[1] * t;
    }

    [Causal]
    private static (Tensor S, Tensor T) Before(Tensor x, double k)
    {
        using var sum = x.cumsum(-1);
        using var before = sum - x;
        return (before * k, before.sin());
    }
}

[GeneratedBijector]
public sealed partial class CausalRows : Bijector, ITricky
{
    private readonly Tensor _scale = tensor([1.0, 2, -1], ScalarType.Float64).DetachFromDisposeScope();

    public CausalRows() => RegisterComponents();

    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x);

    [Forward]
    private Tensor Map(Tensor x)
    {
        x = Parts.Reshape(x, Shape.Vector(6), Shape.Of(2, 3));
        x = x * 0.5 + Above(x, _scale);
        return Parts.Reshape(x, Shape.Of(2, 3), Shape.Vector(6));
    }

    // Row i of (2, 3) depends on the rows above it, through any of their entries.
    [Causal(-2)]
    private static Tensor Above(Tensor x, Tensor scale)
    {
        using var rows = x.sum(-1, keepdim: true);
        using var sum = rows.cumsum(-2);
        using var before = sum - rows;
        using var scaled = before * scale;
        return scaled.sin();
    }
}

[GeneratedBijector]
public sealed partial class CausalHalf : Bijector, ITricky
{
    [Causal]
    private readonly Made made;

    public CausalHalf()
    {
        using var generator = new Generator(6);
        made = new(3, 8, 1, generator);
        RegisterComponents();
        this.to(ScalarType.Float64);
    }

    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x, null);

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (a, b) = Parts.Halves(x);
        var gate = torch.sigmoid(a);
        foreach (var k in Enumerable.Range(1, 2))
        {
            var (s, t) = made.ScaleAndShift(b, context);
            b = b * torch.exp(s * gate) + t * k - a;
        }

        var (u, v) = made.ScaleAndShift(a, context);
        a = a * torch.exp(u - 0.5) + torch.tanh(v);
        return Parts.Join(a, b);
    }
}

[GeneratedBijector]
public sealed partial class Residual : Bijector, ITricky
{
    private readonly Tensor _w;

    public Residual()
    {
        using var generator = new Generator(7);
        using var scope = NewDisposeScope();
        var w = randn(6, 6, ScalarType.Float64, generator: generator);
        _w = (w * 0.5 / linalg.svdvals(w).max()).DetachFromDisposeScope();
        RegisterComponents();
    }

    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x);

    [Forward]
    private Tensor Map(Tensor x)
    {
        x = x + Bend(x, 1.5);
        x = Parts.Flip(x) * 2;
        return Bend(x, 1) + x;
    }

    [Contractive(0.75)]
    private Tensor Bend(Tensor x, double k)
    {
        using var h = nn.functional.linear(x, _w);
        using var bent = (k * h).tanh();
        return bent * 1.0;
    }
}

[GeneratedBijector(Numerical = true)]
public sealed partial class Rising : Bijector, ITricky
{
    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x);

    [Forward]
    private Tensor Map(Tensor x)
    {
        var (a, b) = Parts.Halves(x);
        b = Rise(b, torch.sigmoid(a), 2) - 1;
        a = Rise(a, 0.5) + torch.tanh(b);
        return Parts.Join(a, b);
    }

    [Monotone]
    private static Tensor Rise(Tensor x, Tensor weight, double power)
    {
        using var bent = (x * power).tanh();
        using var scaled = bent * weight;
        return x + scaled;
    }

    [Monotone]
    private static Tensor Rise(Tensor x, double weight)
    {
        using var bent = x.sinh();
        using var scaled = bent * weight;
        return x + scaled;
    }
}

[GeneratedBijector]
public sealed partial class RowsOfOnesOwn : Bijector, ITricky
{
    private readonly double _k = 1.5;

    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x);

    [Forward]
    private Tensor Map(Tensor x)
    {
        var (a, b) = Parts.Halves(x);
        for (var i = 1; i <= 2; i++)
        {
            b = Tilt(b, torch.exp(a.sin()), _k * i);
        }

        return Tilt(Parts.Join(a, b), k: 0.5, w: torch.ones(1, ScalarType.Float64));
    }

    [Primitive(nameof(Untilt), nameof(TiltLogSlope))]
    private static Tensor Tilt(Tensor x, Tensor w, double k)
    {
        using var scaled = x * w;
        return scaled * k;
    }

    private static Tensor Untilt(Tensor y, Tensor w, double k)
    {
        using var scaled = y / w;
        return scaled / k;
    }

    private static Tensor TiltLogSlope(Tensor x, Tensor w, double k)
    {
        using var log = w.log();
        return log + Math.Log(k);
    }
}

[GeneratedBijector]
public sealed partial class CausalOfPositives : Bijector, ITricky
{
    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x);

    [Forward]
    private Tensor Map(Tensor x)
    {
        x = torch.exp(x);
        return x * torch.exp(torch.tanh(Before(torch.log(x))));
    }

    [Causal]
    private static Tensor Before(Tensor x)
    {
        using var sum = x.cumsum(-1);
        return sum - x;
    }
}

[GeneratedBijector(Numerical = true)]
public sealed partial class TwoWaySolved : Bijector, ITricky
{
    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x);

    [Forward]
    private Tensor Map(Tensor x)
    {
        var (a, b) = Parts.Halves(x);
        b = b + a * 2;
        a = a + Soft(a, b);
        b = Rise(b, a);
        return Parts.Join(a, b);
    }

    [Contractive(0.5)]
    private static Tensor Soft(Tensor x, Tensor b)
    {
        using var sum = x + b;
        using var sine = sum.sin();
        return sine / 2;
    }

    [Monotone]
    private static Tensor Rise(Tensor x, Tensor a)
    {
        using var sum = x + a;
        using var step = sum.tanh();
        return x + step;
    }
}
