using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.Tests.Language;

// Loops and branches, as TrickyMaps has straight lines.

[GeneratedBijector]
public sealed partial class TenLayers : Bijector, ITricky
{
    private readonly ModuleList<Bijector> layers;

    public TenLayers()
    {
        using var generator = new Generator(3);
        layers = new([.. Enumerable.Range(0, 10)
            .Select(i => (Bijector)(i % 3 == 0 ? new PluLinear(6, generator) : new Affine(1.1, 0.1 * i)))]);
        RegisterComponents();
        this.to(ScalarType.Float64);
    }

    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x, null);

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        foreach (var layer in layers)
        {
            x = layer.Forward(x, context);
        }

        return x;
    }
}

[GeneratedBijector]
public sealed partial class NoPasses : Bijector, ITricky
{
    private readonly int _n = 0;

    public override int EventRank => 0;

    public Tensor Plain(Tensor x) => Map(x);

    [Forward]
    private Tensor Map(Tensor x)
    {
        for (var i = 0; i < _n; i++)
        {
            x = 2 * x;
        }

        return x;
    }
}

[GeneratedBijector]
public sealed partial class CountedDown : Bijector, ITricky
{
    private readonly double[] _shifts = [1, -2, 3, 0.5];
    private readonly double _x = 7;

    public override int EventRank => 0;

    public Tensor Plain(Tensor x) => Map(x);

    [Forward]
    private Tensor Map(Tensor h)
    {
        // The variables of the loops have the names that emitted parameters would have.
        for (var y = _shifts.Length - 1; y >= 0; y--)
        {
            for (long logDet = 1; logDet <= 2; logDet++)
            {
                h = h * Math.Exp(0.1 * y) / logDet + _shifts[y] / _x;
            }

            h = -h;
        }

        return h;
    }
}

[GeneratedBijector]
public sealed partial class Exchanging : Bijector, ITricky
{
    private readonly ModuleList<ResidualMlp> nets;

    public Exchanging()
    {
        using var generator = new Generator(4);
        nets = new([.. Enumerable.Range(0, 3).Select(_ => new ResidualMlp(3, 6, 5, 1, generator))]);
        RegisterComponents();
        this.to(ScalarType.Float64);
    }

    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x, null);

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
public sealed partial class ConditionedFromOutside : Bijector, ITricky
{
    private readonly double[] _weights = [0.5, 1, 1.5];

    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x);

    [Forward]
    private Tensor Map(Tensor x)
    {
        var (a, b) = Parts.Halves(x);
        var s = torch.sigmoid(a);
        var t = a.sin() * 2;
        foreach (double w in _weights)
        {
            b = b * s + t * w;
            foreach (var v in _weights)
            {
                b = b + t * v;
            }
        }

        b = b + s;
        return Parts.Join(a, b);
    }
}

[GeneratedBijector]
public sealed partial class Branching : Bijector, ITricky
{
    private readonly int _n = 2;
    private readonly bool _flips = true, _splits = false;
    private readonly Bijector? _absent = null;

    public Branching() => RegisterComponents();

    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x, null);

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        if (context is not null)
        {
            x = x * torch.exp(context.tanh());
        }

        Tensor h;
        if (_n > 1 && _flips)
        {
            h = Parts.Flip(x);
        }
        else
        {
            h = x + 1;
        }

        if (_absent is not null)
        {
            h = _absent.Forward(h, context);
        }
        else if (_splits)
        {
            var (c, d) = Parts.Halves(h);
            c = c + d;
            h = Parts.Join(c, d);
        }
        else
        {
            for (var i = 1; i <= _n; i++)
            {
                if (i % 2 == 0)
                {
                    h = -h;
                }

                h = h * i;
            }
        }

        return h;
    }
}

[GeneratedBijector]
public sealed partial class ThreeWays : Bijector, ITricky
{
    private readonly PluLinear inner;

    public ThreeWays()
    {
        using var generator = new Generator(5);
        inner = new(2, generator);
        RegisterComponents();
        this.to(ScalarType.Float64);
    }

    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x);

    [Forward]
    private Tensor Map(Tensor x)
    {
        var (a, b, c) = Parts.Thirds(x);
        b = Parts.Flip(b) * torch.sigmoid(a);
        c = inner.Forward(c);
        c = c + a * b;
        return Parts.Join(c, b, a);
    }
}

[GeneratedBijector]
public sealed partial class ExchangedInOneWay : Bijector, ITricky
{
    private readonly ResidualMlp net;

    public ExchangedInOneWay()
    {
        using var generator = new Generator(8);
        net = new(3, 3, 5, 1, generator);
        RegisterComponents();
        this.to(ScalarType.Float64);
    }

    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x, null);

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (a, b) = Parts.Halves(x);
        for (var i = 0; i < 4; i++)
        {
            b = b + net.Evaluate(a, context);
            if (i % 2 == 0)
            {
                var t = a;
                a = b;
                b = t;
            }
            else
            {
                for (var k = 0; k < i - 1; k++)
                {
                    (a, b) = (b, a);
                }

                a = a * 2;
            }
        }

        return Parts.Join(a, b);
    }
}

[GeneratedBijector]
public sealed partial class ConditionedBeforeBranches : Bijector, ITricky
{
    private readonly ResidualMlp net;
    private readonly int _n = 1;

    public ConditionedBeforeBranches()
    {
        using var generator = new Generator(9);
        net = new(3, 6, 5, 1, generator);
        RegisterComponents();
        this.to(ScalarType.Float64);
    }

    public override int EventRank => 1;

    public Tensor Plain(Tensor x) => Map(x, null);

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (a, b) = Parts.Halves(x);
        var s = net.ScaleAndShift(a, context);
        b = b - s.Shift;
        if (context is null)
        {
            if (_n > 1)
            {
                a = a - b.tanh();
            }
            else
            {
                b = b * torch.exp(torch.tanh(s.LogScale));
            }
        }

        return Parts.Join(a, b);
    }
}
