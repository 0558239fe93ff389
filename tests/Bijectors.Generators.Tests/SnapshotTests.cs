using System.Runtime.CompilerServices;

namespace Bijectors.Generators.Tests;

/// <summary>
/// The emitted code, kept as files to be read as code. After a wanted change, rename <c>*.received.cs</c> to
/// <c>*.verified.cs</c>.
/// </summary>
public class SnapshotTests
{
    public static TheoryData<string, string> Bijectors() => new()
    {
        { "Exp", "[GeneratedBijector] public sealed partial class Exp : Bijector { "
            + "[Forward] private static Tensor Map(Tensor x) => torch.exp(x); }" },
        { "Squash", "[GeneratedBijector] public sealed partial class Squash : Bijector { "
            + "[Forward] private static Tensor Map(Tensor x) => 2 * torch.sigmoid(3 * x + 1) - 1; }" },
        { "SoftTanh", "[GeneratedBijector] public sealed partial class SoftTanh : Bijector { "
            + "[Forward] private static Tensor Map(Tensor x) => 3 * torch.tanh(Elementwise.Softplus(2 * x) - 1); }" },
        { "SinhAsinh", "[GeneratedBijector] public sealed partial class SinhAsinh : Bijector { "
            + "[Forward] private static Tensor Map(Tensor x) => torch.sinh(0.5 * torch.asinh(x) + 1); }" },
        {
            "AffineCoupling", """
            [GeneratedBijector]
            public sealed partial class AffineCoupling : Bijector
            {
                private readonly Net _net = new();
                public override int EventRank => 1;

                [Forward]
                private Tensor Couple(Tensor x, Tensor? context)
                {
                    var (a, b) = Parts.Halves(x);
                    var (logScale, shift) = _net.ScaleAndShift(a, context);
                    b = b * torch.exp(torch.tanh(logScale)) + shift;
                    return Parts.Join(a, b);
                }
            }
            """
        },
        {
            "TwoWay", """
            [GeneratedBijector]
            public sealed partial class TwoWay : Bijector
            {
                private readonly Net _f = new(), _g = new();
                public override int EventRank => 1;

                [Forward]
                private Tensor Couple(Tensor x)
                {
                    var (a, b) = Parts.Halves(x);
                    var (s, t) = _f.ScaleAndShift(a, null);
                    b = b * torch.sigmoid(s + 2) + t;
                    var (u, v) = _g.ScaleAndShift(b, null);
                    var c = a / (0.5 + torch.nn.functional.softplus(u)) - v;
                    return Parts.Join(c, Parts.Flip(-b));
                }
            }
            """
        },
        {
            "FactorOut", """
            [GeneratedBijector]
            public sealed partial class FactorOut : Bijector
            {
                private readonly Partition _partition = Partition.Halves(-3);
                private readonly Bijector _rest = null!;
                private readonly Net _prior = new();
                private readonly Shape _kept = Shape.Vector(4), _gone = Shape.Image(1, 2, 2);
                public override int EventRank => 3;
                public override int OutputEventRank => 1;

                [Forward]
                private Tensor Map(Tensor x, Tensor? context)
                {
                    var (a, b) = _partition.Split(x);
                    var (logScale, shift) = _prior.ScaleAndShift(a, context);
                    b = (b - shift) * torch.exp(-logScale);
                    a = _rest.Forward(a, context);
                    return Parts.Pack(a, b, _kept, _gone);
                }
            }
            """
        },
        {
            "Layers", """
            [GeneratedBijector]
            public sealed partial class Layers : Bijector
            {
                private readonly TorchSharp.Modules.ModuleList<Bijector> _layers = new();
                public override int EventRank => 1;
                public Layers() => RegisterComponents();

                [Forward]
                private Tensor Map(Tensor x, Tensor? context)
                {
                    foreach (var layer in _layers)
                    {
                        x = layer.Forward(x, context);
                    }

                    return x;
                }
            }
            """
        },
        {
            "Nice", """
            [GeneratedBijector]
            public sealed partial class Nice : Bijector
            {
                private readonly Net[] _nets = [new(), new()];
                public override int EventRank => 1;

                [Forward]
                private Tensor Map(Tensor x)
                {
                    var (a, b) = Parts.Halves(x);
                    for (var i = 0; i < _nets.Length; i++)
                    {
                        b = b + _nets[i].Evaluate(a);
                        (a, b) = (b, a);
                    }

                    return Parts.Join(a, b) * 1.5;
                }
            }
            """
        },
        {
            "Branch", """
            [GeneratedBijector]
            public sealed partial class Branch : Bijector
            {
                private readonly bool _flips = true;
                public override int EventRank => 1;

                [Forward]
                private Tensor Map(Tensor x, Tensor? context)
                {
                    if (context is not null)
                    {
                        x = x * torch.exp(context.tanh());
                    }

                    Tensor h;
                    if (_flips)
                    {
                        h = Parts.Flip(x);
                    }
                    else
                    {
                        h = torch.asinh(x);
                    }

                    return h;
                }
            }
            """
        },
        {
            "Thirds", """
            [GeneratedBijector]
            public sealed partial class Thirds : Bijector
            {
                private readonly Bijector _inner = null!;
                public override int EventRank => 2;

                [Forward]
                private Tensor Map(Tensor x, Tensor? context)
                {
                    var (a, b, c) = Parts.Thirds(x, -2);
                    b = Parts.Roll(b, 1) * torch.sigmoid(a);
                    c = Parts.MoveDim(c, -2, -1);
                    c = _inner.Forward(c, context);
                    c = Parts.MoveDim(c, -1, -2) + a;
                    return Parts.Join(b, a, c, -2);
                }
            }
            """
        },
        {
            "Maf", """
            [GeneratedBijector]
            public sealed partial class Maf : Bijector
            {
                private readonly Made _net = null!;
                public override int EventRank => 1;

                [Forward]
                private Tensor Map(Tensor x, Tensor? context)
                {
                    var (s, t) = _net.ScaleAndShift(x, context);
                    return (x - t) * torch.exp(-s);
                }
            }
            """
        },
        {
            "CausalSpline", """
            [GeneratedBijector]
            public sealed partial class CausalSpline : Bijector
            {
                private readonly Tensor _rates = torch.ones(5);
                public override int EventRank => 1;

                [Causal(Trailing = 1)]
                private (Tensor, Tensor, Tensor) Bins(Tensor x) => throw new NotSupportedException();

                [Forward]
                private Tensor Map(Tensor x)
                {
                    var (widths, heights, slopes) = Bins(x);
                    return RationalQuadratic.Map(2 * x, widths * _rates, heights, slopes, 3) + 1;
                }
            }
            """
        },
        {
            "Raster", """
            [GeneratedBijector]
            public sealed partial class Raster : Bijector
            {
                private readonly Tensor _k = torch.ones(1, 3, 1);
                public override int EventRank => 3;

                [Causal(-2, -1)]
                private (Tensor, Tensor) Before(Tensor x, Tensor? context) => throw new NotSupportedException();

                [Forward]
                private Tensor Map(Tensor x, Tensor? context)
                {
                    var (s, t) = Before(x, context);
                    return (x - t * _k) * torch.exp(-s);
                }
            }
            """
        },
        {
            "MaskedCouplings", """
            [GeneratedBijector]
            public sealed partial class MaskedCouplings : Bijector
            {
                [Mask] private readonly Tensor _even = torch.ones(4);
                private readonly Net _net = new();
                public override int EventRank => 1;

                [Forward]
                private Tensor Map(Tensor x, Tensor? context)
                {
                    var (s, t) = _net.ScaleAndShift(_even * x, context);
                    x = _even * x + (1 - _even) * (2 * x * torch.exp(torch.tanh(s)) + t);
                    var rest = (1 - _even) * x;
                    var k = _net.Evaluate(rest);
                    return rest + _even * torch.sinh(torch.asinh(x) + k);
                }
            }
            """
        },
        {
            "CausalRows", """
            [GeneratedBijector]
            public sealed partial class CausalRows : Bijector
            {
                private readonly double _k = 2;
                public override int EventRank => 2;

                [Forward]
                private Tensor Map(Tensor x)
                {
                    var (a, b) = Parts.Halves(x);
                    var (s, t) = Above(b, _k);
                    b = torch.asinh(b * torch.sigmoid(s) + t * a);
                    return Parts.Join(a, b);
                }

                [Causal(-2)]
                private static (Tensor, Tensor) Above(Tensor x, double k) => ((x.cumsum(-2) - x) * k, x.cumsum(-2) - x);
            }
            """
        },
        {
            "Residual", """
            [GeneratedBijector]
            public sealed partial class Residual : Bijector
            {
                private readonly LipschitzMlp _net = null!;
                public override int EventRank => 1;

                [Forward]
                private Tensor Map(Tensor x, Tensor? context) => x + _net.Evaluate(x, context);
            }
            """
        },
        {
            "Mixture", """
            [GeneratedBijector(Numerical = true)]
            public sealed partial class Mixture : Bijector
            {
                private readonly Net _net = new();
                public override int EventRank => 1;

                [Forward]
                private Tensor Map(Tensor x, Tensor? context)
                {
                    var (a, b) = Parts.Halves(x);
                    var (s, t) = _net.ScaleAndShift(a, context);
                    b = Elementwise.Logit(Cumulative(b, s, 2));
                    return Parts.Join(a, b * torch.exp(t));
                }

                [Monotone(RangeLow = 0, RangeHigh = 1)]
                private static Tensor Cumulative(Tensor x, Tensor mean, double width) =>
                    0.5 * torch.sigmoid(x - mean) + 0.5 * torch.sigmoid((x + mean) / width);
            }
            """
        },
        {
            "AtOnce", """
            [GeneratedBijector]
            public sealed partial class AtOnce : Bijector
            {
                [Forward]
                private Tensor Map(Tensor x) => Lift(Grow(x, 2), 3);

                [Primitive(
                    nameof(Shrink), nameof(Slope),
                    WithLogSlope = nameof(GrowWithLogSlope), InverseWithLogSlope = nameof(ShrinkWithLogSlope))]
                private static Tensor Grow(Tensor x, double k) => k * x;

                private static Tensor Shrink(Tensor y, double k) => y / k;

                private static Tensor Slope(Tensor x, double k) => torch.full_like(x, Math.Log(k));

                private static (Tensor Y, Tensor LogSlope) GrowWithLogSlope(Tensor x, double k) => (k * x, Slope(x, k));

                private static (Tensor X, Tensor LogSlope) ShrinkWithLogSlope(Tensor y, double k) =>
                    (y / k, Slope(y, k));

                [Primitive(nameof(Lower), nameof(Flat), WithLogSlope = nameof(LiftWithLogSlope))]
                private static Tensor Lift(Tensor x, double k) => x + k;

                private static Tensor Lower(Tensor y, double k) => y - k;

                private static Tensor Flat(Tensor x, double k) => torch.zeros_like(x);

                private static (Tensor, Tensor) LiftWithLogSlope(Tensor x, double k) => (x + k, Flat(x, k));
            }
            """
        },
        {
            "Spline", """
            [GeneratedBijector]
            public sealed partial class Spline : Bijector
            {
                private readonly Net _net = new();
                public override int EventRank => 1;

                [Forward]
                private Tensor Map(Tensor x)
                {
                    var (a, b) = Parts.Halves(x);
                    var (widths, heights, slopes) = RationalQuadratic.Parameters(_net.Evaluate(a), 8);
                    b = RationalQuadratic.Map(b, widths, heights, slopes, 3);
                    return Parts.Join(a, b);
                }
            }
            """
        },
        {
            "YeoJohnson", """
            [GeneratedBijector]
            public sealed partial class YeoJohnson : Bijector
            {
                private readonly TorchSharp.Modules.Parameter a = new(torch.zeros(1));

                [Forward]
                private Tensor Map(Tensor x)
                {
                    var lambda = 1 + 0.9 * torch.tanh(a);
                    return torch.where(
                        x < 0,
                        -(torch.pow(1 - x, 2 - lambda) - 1) / (2 - lambda),
                        (torch.pow(1 + x, lambda) - 1) / lambda);
                }
            }
            """
        },
        {
            "ThreePieces", """
            [GeneratedBijector]
            public sealed partial class ThreePieces : Bijector
            {
                [Forward]
                private static Tensor Map(Tensor x) =>
                    torch.where(x <= -1, 0.5 * x - 0.5, torch.where(x > 1, 2 * torch.sqrt(x) - 1, x));
            }
            """
        },
    };

    [Theory]
    [MemberData(nameof(Bijectors))]
    public void Emitted_code_is_as_reviewed(string name, string source)
    {
        var (emitted, diagnostics) = Compilations.Build(source);
        Assert.Empty(diagnostics);
        var verified = Path.Combine(Folder(), $"{name}.verified.cs");
        var received = Path.Combine(Folder(), $"{name}.received.cs");
        var expected = File.Exists(verified) ? File.ReadAllText(verified).ReplaceLineEndings("\n") : "";
        if (expected == emitted[0])
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, emitted[0]);
        Assert.Equal(expected, emitted[0]);
    }

    private static string Folder([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "Snapshots");
}
