using Bijectors.RandomPrograms.Run;
using Bijectors.Testing;
using static Bijectors.Generators.Tests.Written;

namespace Bijectors.Generators.Tests;

/// <summary>Rows of one's own that are conditioned causally on their own part, and orders over several axes.</summary>
public sealed class CausalRowTests
{
    private const string Numerical = "GeneratedBijector(Numerical = true)";

    // Four bins for each entry, chosen by the sum of those before it.
    private const string Splines = """
        [Causal(Trailing = 1)]
        private (Tensor W, Tensor H, Tensor S) Splines(Tensor x)
        {
            using var bent = x.tanh();
            using var sum = bent.cumsum(-1);
            using var before = sum - bent;
            using var column = before.unsqueeze(-1);
            using var w = column * _w;
            using var h = column + _w;
            using var s = column * _s;
            return (w.sin(), h.cos(), s.tanh());
        }
        """;

    private const string Before = """
        [Causal]
        private static Tensor Before(Tensor x)
        {
            using var sum = x.cumsum(-1);
            using var before = sum - x;
            return before.sin();
        }
        """;

    private const string Skew = """
        [Primitive(nameof(Unskew), nameof(SkewSlope))]
        private static Tensor Skew(Tensor x, [Elementwise] Tensor k)
        { using var a = x.asinh(); using var b = a + k; return b.sinh(); }
        private static Tensor Unskew(Tensor y, Tensor k)
        { using var a = y.asinh(); using var b = a - k; return b.sinh(); }
        private static Tensor SkewSlope(Tensor x, Tensor k)
        {
            using var scope = NewDisposeScope();
            return scope.MoveToOuter(Elementwise.LogCosh(x.asinh() + k) - 0.5 * x.square().log1p());
        }
        """;

    private const string Rise = """
        [Monotone]
        private static Tensor Rise(Tensor x, [Elementwise] Tensor k)
        { using var t = x.tanh(); using var s = k.sigmoid(); using var u = t * s; return x + u; }
        """;

    private const string AbovePixel = """
        [Causal(-2, -1)]
        private (Tensor S, Tensor T) Net(Tensor x)
        {
            using var scope = NewDisposeScope();
            var bent = x.tanh();
            var rows = bent.sum([-1], true);
            var above = rows.cumsum(-2) - rows;
            var left = bent.cumsum(-1) - bent;
            var h = (above + left).sum([-3], true) * _c;
            return scope.MoveToOuter(h.sin(), h.cos() * 0.5);
        }
        """;

    private const string OfFour = """
        protected override Shape OutputShapeCore(Shape input) => input[-1] == 4 ? input
            : throw new ShapeException("OneTensorTwice", "expected 4 entries", $"got {input}");
        protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);
        """;

    private const string Lift = """
        [Primitive(nameof(Unlift), nameof(LiftSlope))]
        private static Tensor Lift(Tensor x, [Elementwise(1)] Tensor k, [Elementwise] Tensor l, int n = 2)
        {
            using var s = k.sum(-1);
            using var t = s + l;
            return x + t;
        }

        private static Tensor Unlift(Tensor y, Tensor k, Tensor l, int n)
        {
            using var s = k.sum(-1);
            using var t = s + l;
            return y - t;
        }

        private static Tensor LiftSlope(Tensor x, Tensor k, Tensor l, int n) => torch.zeros_like(x);
        """;

    // Two numbers for each entry from the sum of those before it, which a pass keeps.
    private const string Running = Vector + """
        private readonly Summing _sums = new();

        [Causal(Trailing = 1, Incremental = nameof(Begin))]
        public sealed class Summing
        {
            public Tensor Of(Tensor x)
            {
                using var scope = NewDisposeScope();
                var bent = x.tanh();
                return scope.MoveToOuter(Two(bent.cumsum(-1) - bent));
            }

            public Pass Begin(Tensor like) => new(like);

            private static Tensor Two(Tensor sum) => torch.stack([sum.sin(), sum * 0.5], -1);

            public sealed class Pass : CausalPass
            {
                private readonly Tensor _sum;

                public Pass(Tensor like)
                {
                    using var first = like.narrow(-1, 0, 1);
                    _sum = torch.zeros(first.shape, dtype: like.dtype, device: like.device);
                }

                public Tensor Of()
                {
                    using var scope = NewDisposeScope();
                    return scope.MoveToOuter(Two(_sum));
                }

                public override void Append(Tensor entry)
                {
                    using var bent = entry.tanh();
                    _sum.add_(bent);
                }

                protected override void Dispose(bool disposing) => _sum.Dispose();
            }
        }
        """;

    private const string Sweeps = "public CausalSolution Solution => CausalSolution.Jacobi(0);";

    private static readonly string s_bins = Free("_w", 4) + Free("_s", 3) + Vector + Splines;

    // The name, the members, the body, the shape, the attribute and further interfaces.
    private static readonly
        (string Name, string Members, string Body, Shape Shape, string Attribute, string Bases)[] s_right =
    [
        ("ASpline", s_bins, "var (w, h, s) = Splines(x); return RationalQuadratic.Map(x, w, h, s, 3);",
            Shape.Vector(4), "GeneratedBijector", ""),
        ("ASplineOfElements", s_bins,
            "var t = Splines(x); return 2 * RationalQuadratic.Map(x, t.W, t.H, t.S, 2.5) + 1;", Shape.Vector(3),
            "GeneratedBijector", ""),
        ("ASplineOfALine", s_bins + Free("_p", 4, 4) + Free("_q", 4),
            "var (w, h, s) = Splines(x); x = 2 * x; x = RationalQuadratic.Map(x, w * 0.5 + _p, h * "
                + "torch.exp(_q), s, 3); return x - _q;",
            Shape.Vector(4), "GeneratedBijector", ""),
        ("ASplineAndAShift", s_bins + Before,
            "var (w, h, s) = Splines(x); var t = Before(x); x = x * torch.exp(t); x = RationalQuadratic.Map(x, "
                + "w, h, s, 3); return x + t;",
            Shape.Vector(4), "GeneratedBijector", ""),
        ("TwoSplines", s_bins,
            "var (w, h, s) = Splines(x); x = RationalQuadratic.Map(x, w, h, s, 3); x = torch.asinh(x) * 2; "
                + "return RationalQuadratic.Map(x, h, w, s, 2);",
            Shape.Vector(3), "GeneratedBijector", ""),
        ("SplineInSweeps", s_bins + Sweeps,
            "var (w, h, s) = Splines(x); return RationalQuadratic.Map(x, w, h, s, 3);", Shape.Vector(4),
            "GeneratedBijector", ", ICausalInverse"),
        ("SplineOfHalf", s_bins,
            "var (a, b) = Parts.Halves(x); var (w, h, s) = Splines(b); b = RationalQuadratic.Map(b, w, h + "
                + "a.mean([-1], true).unsqueeze(-1), s, 3); return Parts.Join(a, b);",
            Shape.Vector(4), "GeneratedBijector", ""),
        ("OneTensorTwice", s_bins + Free("_k", 4) + OfFour + Lift,
            "var t = Splines(x); x = Lift(x, t.W * _k, _k); x = Lift(x, t.S, 2 * _k); return Lift(x, _k * t.H, _k);",
            Shape.Vector(4), "GeneratedBijector", ""),
        ("APassOfTwoNumbers", Running + Lift + Free("_b", 1),
            "return Lift(2 * x, _sums.Of(x), _b);", Shape.Vector(4), "GeneratedBijector", ""),
        ("MadeOfARow", "[Causal] " + Field("Made made = Pieces.Masked(4, seed: 3)") + Vector + Skew,
            "var (s, t) = made.ScaleAndShift(x, null); x = Skew(x, torch.tanh(s)); return x + t;", Shape.Vector(4),
            "GeneratedBijector", ""),
        ("MadeInSweeps", Field("Made made = Pieces.Masked(4, seed: 3)") + Vector + Skew + Sweeps,
            "var (s, t) = made.ScaleAndShift(x, null); return Skew(x - t, s);", Shape.Vector(4), "GeneratedBijector",
            ", ICausalInverse"),
        ("RisingCausally", Vector + Before + Rise, "return Rise(x, Before(x) * 2) - 1;", Shape.Vector(4),
            Numerical, ""),
        ("RowsOfAMatrix", Matrix + Free("_w", 4) + Free("_s", 3) + """
            [Causal(-2, Trailing = 1)]
            private (Tensor W, Tensor H, Tensor S) Above(Tensor x)
            {
                using var scope = NewDisposeScope();
                var rows = x.sum([-1], true);
                var column = (rows.cumsum(-2) - rows).unsqueeze(-1);
                return scope.MoveToOuter((column * _w).sin(), (column + _w).cos(), (column * _s).tanh());
            }
            """, "var (w, h, s) = Above(x); return RationalQuadratic.Map(x, w, h, s, 3);",
            Shape.Of(3, 2), "GeneratedBijector", ""),
        ("RasterOfAnImage", Image + Free("_c", 1) + AbovePixel,
            "var (s, t) = Net(x); return (x - t) * torch.exp(-s);", Shape.Of(2, 3, 2), "GeneratedBijector", ""),
        ("RasterInSweeps", Image + Free("_c", 1) + AbovePixel + Sweeps,
            "var (s, t) = Net(x); return (x - t) * torch.exp(-s);", Shape.Of(2, 2, 2), "GeneratedBijector",
            ", ICausalInverse"),
        ("RasterWithFields", Image + Free("_c", 1) + Free("_r", 3, 1) + Free("_l", 2) + AbovePixel,
            "var (s, t) = Net(x); x = x * torch.exp(s * _r); return x + t * _l + _c;", Shape.Of(2, 3, 2),
            "GeneratedBijector", ""),
        ("RasterOfChannelsFirst", Image + """
            [Causal(-3, -1)]
            private static Tensor Apart(Tensor x)
            {
                using var scope = NewDisposeScope();
                var earlier = x.sum([-2, -1], true);
                var left = x.sum([-2], true);
                return scope.MoveToOuter((earlier.cumsum(-3) - earlier + left.cumsum(-1) - left).sin());
            }
            """, "return torch.sinh(x) * torch.exp(Apart(x));", Shape.Of(2, 2, 3), "GeneratedBijector", ""),
        ("RasterOfSplines", Image + Free("_w", 4) + Free("_s", 3) + """
            [Causal(-2, -1, Trailing = 1)]
            private (Tensor W, Tensor H, Tensor S) Net(Tensor x)
            {
                using var scope = NewDisposeScope();
                var all = x.sum([-3], true);
                var rows = all.sum([-1], true);
                var column = (rows.cumsum(-2) - rows + all.cumsum(-1) - all).unsqueeze(-1);
                return scope.MoveToOuter((column * _w).sin(), (column + _w).cos(), (column * _s).tanh());
            }
            """, "var (w, h, s) = Net(x); return RationalQuadratic.Map(x, w, h, s, 3);",
            Shape.Of(2, 2, 2), "GeneratedBijector", ""),
    ];

    // The rule, what is wrong, and the body with the place marked.
    public static TheoryData<string, string, string> Refused() => new()
    {
        { "BIJ0201", "a row that says nothing of its argument", "return Grow(x, [|Before(x)|], 2);" },
        { "BIJ0201", "another argument of which the row says nothing", "return Turn(x, Before(x), [|_t|]);" },
        { "BIJ0201", "a tensor in an array", "return Push(x, Before(x), [|Ts()|]);" },
        { "BIJ0201", "the whole part", "return Skew(x, [|x.tanh()|]);" },
        { "BIJ0201", "numbers for each entry where there is one", "return Skew(x, [|Columns(x)|]);" },
        { "BIJ0201", "one number where there are some for each entry", "return Many(x, [|Before(x)|]);" },
        { "BIJ0201", "numbers for each entry in a row of the table", "return x + [|Columns(x)|];" },
        {
            "BIJ0201", "numbers for each entry put through another causal function",
            "return x + [|Before(Columns(x))|];"
        },
        { "BIJ0201", "a contraction", "return Skew(x, [|Bend(x)|]);" },
        { "BIJ0201", "a causal function of another order", "return Both(x, Rows(x), [|Columnwise(x)|]);" },
        { "BIJ0201", "orders that are not the same", "return x + ([|Rows(x) + Columnwise(x)|]);" },
        { "BIJ0201", "orders over the same axes", "return x + [|Rows(Columnwise(x))|];" },
        {
            "BIJ0202", "a row that is not conditioned in between",
            "var t = Before(x); x = Grow(x, _k, 2); return x + [|t|];"
        },
        { "BIJ0202", "a bijector in between", "var t = Before(x); x = _f.Forward(x); return Skew(x, [|t|]);" },
        { "BIJ0204", "an axis named twice", "return x + [|Twice(x)|];" },
        { "BIJ0204", "a raster beyond the event", "return Skew(x, [|Beyond(x)|]);" },
        { "BIJ0204", "a raster counted from the front", "return x + [|Front(x)|];" },
        { "BIJ0005", "fewer than no dimensions", "return x + [|Fewer(x)|];" },
        { "BIJ0005", "an argument of fewer than no dimensions", "return Least(x, [|_k|], Before(x));" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Is_refused_on_the_expression(string rule, string what, string body) => Marked.Fires(rule, what, $$"""
        [GeneratedBijector] public sealed partial class M : Bijector
        {
            private readonly Tensor _k = torch.ones(1), _t = torch.ones(1); private readonly Bijector _f;
            public M(Bijector f) { _f = f; RegisterComponents(); }
            public override int EventRank => 2;
            private static Tensor[] Ts() => [torch.ones(1)];
            [Causal] private static Tensor Before(Tensor x) => x.cumsum(-1) - x;
            [Causal(-2, -1)] private static Tensor Rows(Tensor x) => x.cumsum(-1) - x;
            [Causal(-1, -2)] private static Tensor Columnwise(Tensor x) => x.cumsum(-2) - x;
            [Causal(-1, -1)] private static Tensor Twice(Tensor x) => x.cumsum(-1) - x;
            [Causal(-3, -1)] private static Tensor Beyond(Tensor x) => x.cumsum(-1) - x;
            [Causal(-1, 0)] private static Tensor Front(Tensor x) => x.cumsum(-1) - x;
            [Causal(Trailing = 1)] private static Tensor Columns(Tensor x) => (x.cumsum(-1) - x).unsqueeze(-1);
            [Causal(Trailing = -1)] private static Tensor Fewer(Tensor x) => x.cumsum(-1) - x;
            [Contractive(0.5)] private static Tensor Bend(Tensor x) => x.sin() / 2;
            [Primitive(nameof(Skew), nameof(Skew))]
            private static Tensor Skew(Tensor x, [Elementwise] Tensor k) => k - x;
            [Primitive(nameof(Many), nameof(Many))]
            private static Tensor Many(Tensor x, [Elementwise(1)] Tensor k) => k.sum(-1) - x;
            [Primitive(nameof(Grow), nameof(Grow))]
            private static Tensor Grow(Tensor x, Tensor k, double n) => k - x;
            [Primitive(nameof(Turn), nameof(Turn))]
            private static Tensor Turn(Tensor x, [Elementwise] Tensor k, Tensor t) => k - x;
            [Primitive(nameof(Push), nameof(Push))]
            private static Tensor Push(Tensor x, [Elementwise] Tensor k, Tensor[] t) => k - x;
            [Elementwise, Primitive(nameof(Both), nameof(Both))]
            private static Tensor Both(Tensor x, Tensor k, Tensor t) => k + t - x;
            [Primitive(nameof(Least), nameof(Least))]
            private static Tensor Least(Tensor x, [Elementwise(-1)] Tensor k, [Elementwise] Tensor t) => k + t - x;
            [Forward] private Tensor Map(Tensor x) { {{body}} }
        }
        """);

    private static readonly Lazy<Build> s_build = new(() => Build.Of(
        [.. s_right.Select(p => (p.Name, Source(p.Name, p.Members, p.Body, p.Attribute, p.Bases)))]));

    private static readonly Lazy<Loaded> s_loaded = new(() => new Loaded(s_build.Value.Assembly()));

    public static TheoryData<string> Right => [.. s_right.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Right))]
    public void Obeys_all_laws_and_is_the_method(string name)
    {
        Assert.Empty(s_build.Value.Of(name));
        var subject = new LawCase(_ => s_loaded.Value.Make(name), s_right.Single(p => p.Name == name).Shape);
        BijectorLaws.Check(subject);
        new SameAsBody().Check(subject);
    }

    [Fact]
    public void An_incremental_pass_is_used_where_the_call_is_direct()
    {
        var emitted = s_build.Value.Emitted("MadeOfARow");
        Assert.Contains("solve.Begin(made.BeginPass(", emitted, StringComparison.Ordinal);
        Assert.Contains("pass.ScaleAndShift()", emitted, StringComparison.Ordinal);
        Assert.Contains(": pass.Of();", s_build.Value.Emitted("APassOfTwoNumbers"), StringComparison.Ordinal);
    }
}
