using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Reference;

// Maps of other libraries, declared in our language to be held to their numbers.

/// <summary>A spline of fixed raw numbers.</summary>
[GeneratedBijector]
public sealed partial class Spline : Bijector
{
    private readonly Tensor widths;
    private readonly Tensor heights;
    private readonly Tensor slopes;
    private readonly double _bound;

    public Spline(Tensor widths, Tensor heights, Tensor slopes, double bound)
    {
        this.widths = widths;
        this.heights = heights;
        this.slopes = slopes;
        _bound = bound;
        RegisterComponents();
    }

    public override int EventRank => 0;

    [Forward]
    private Tensor Map(Tensor x) => RationalQuadratic.Map(x, widths, heights, slopes, _bound);
}

/// <summary>
/// The planar flow of normflows, <c>x + u tanh(w x + b)</c>, with u moved along w so that <c>w u > -1</c>.
/// </summary>
[GeneratedBijector]
public sealed partial class NormflowsPlanar : Bijector
{
    private readonly Tensor u;
    private readonly Tensor w;
    private readonly Tensor b;

    public NormflowsPlanar(Tensor u, Tensor w, Tensor b)
    {
        var inner = (w * u).sum();
        this.u = u + ((Elementwise.Softplus(inner) - 1 - inner) * w / w.square().sum());
        this.w = w;
        this.b = b;
        RegisterComponents();
    }

    public override int EventRank => 1;

    [Forward]
    private Tensor Map(Tensor x) => x + Bend(x);

    // |u| |w| of the case is 0.967.
    [Contractive(0.97)]
    private Tensor Bend(Tensor x)
    {
        using var scope = NewDisposeScope();
        return (tanh((x * w).sum(-1, keepdim: true) + b) * u).MoveToOuterDisposeScope();
    }
}

/// <summary>oryx: <c>(x, y, z) -> (e^x, x^2 + y, e^(z + y))</c>.</summary>
[GeneratedBijector]
public sealed partial class ThreeCoupled : Bijector
{
    private static readonly Partition s_first = Partition.First(1);

    public override int EventRank => 1;

    public override Domain Codomain =>
        PartsDomain.Of(Domain.Positive, PartsDomain.Of(Domain.Real, Domain.Positive, s_first), s_first);

    [Forward]
    private static Tensor Map(Tensor point)
    {
        var (x, y, z) = Parts.Thirds(point);
        z = exp(z + y);
        y = square(x) + y;
        x = exp(x);
        return Parts.Join(x, y, z);
    }
}

/// <summary>oryx: <c>(x, y) -> (x + 1, e^(x + 1) + y)</c>.</summary>
[GeneratedBijector]
public sealed partial class TwoCoupled : Bijector
{
    public override int EventRank => 1;

    [Forward]
    private static Tensor Map(Tensor point)
    {
        var (x, y) = Parts.Halves(point);
        x = x + 1;
        y = exp(x) + y;
        return Parts.Join(x, y);
    }
}

/// <summary>
/// TensorFlow Probability's Ascending: <c>y_0 = x_0</c>, <c>y_i = y_(i-1) + exp(x_i)</c>, onto ascending vectors.
/// </summary>
[GeneratedBijector]
public sealed partial class Steps : Bijector
{
    private readonly Partition _first = Partition.First(1);

    public override int EventRank => 1;

    // Of each entry by itself; that they ascend no interval can say.
    public override Domain Codomain => Domain.Real;

    [Forward]
    private Tensor Map(Tensor x)
    {
        var (start, steps) = _first.Split(x);
        steps = exp(steps);
        x = _first.Join(start, steps);
        return x + Before(x);
    }

    [Causal]
    private static Tensor Before(Tensor x)
    {
        using var sum = x.cumsum(-1);
        return sum - x;
    }
}

/// <summary>TensorFlow Probability's LambertWTail of mean 0 and scale 1: <c>x exp(tail x^2 / 2)</c>.</summary>
[GeneratedBijector(Numerical = true)]
public sealed partial class HeavyTail : Bijector
{
    private readonly double _tail;

    public HeavyTail(double tail)
    {
        _tail = tail;
        RegisterComponents();
    }

    public override int EventRank => 0;

    [Forward]
    private Tensor Map(Tensor x) => Stretch(x, _tail);

    [Monotone]
    private static Tensor Stretch(Tensor x, double tail)
    {
        using var scope = NewDisposeScope();
        return (x * (tail / 2 * x.square()).exp()).MoveToOuterDisposeScope();
    }
}

/// <summary>The planar flow along its own direction, where Bijectors.jl inverts it: <c>a + s tanh(a + b)</c>.</summary>
[GeneratedBijector(Numerical = true)]
public sealed partial class PlanarAxis : Bijector
{
    private readonly double _s;
    private readonly double _b;

    public PlanarAxis(double s, double b)
    {
        _s = s;
        _b = b;
        RegisterComponents();
    }

    public override int EventRank => 0;

    [Forward]
    private Tensor Map(Tensor a) => Rise(a, _s, _b);

    [Monotone]
    private static Tensor Rise(Tensor a, double s, double b)
    {
        using var scope = NewDisposeScope();
        return (a + (s * tanh(a + b))).MoveToOuterDisposeScope();
    }
}

/// <summary>The cosine on (0, pi), turned over so that it rises.</summary>
[GeneratedBijector(Numerical = true)]
public sealed partial class RisingCosine : Bijector
{
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => Rise(x);

    [Monotone(Low = 0, High = Math.PI, RangeLow = -1, RangeHigh = 1)]
    private static Tensor Rise(Tensor x)
    {
        using var cosine = x.cos();
        return -cosine;
    }
}
