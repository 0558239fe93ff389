using Bijectors.RandomPrograms.Run;
using Bijectors.Testing;
using TorchSharp;
using static Bijectors.Generators.Tests.Written;
using static TorchSharp.torch;

namespace Bijectors.Generators.Tests;

/// <summary>Sums in which a mask keeps some entries while the others are mapped.</summary>
public sealed class MaskedFormTests
{
    private const string Mask =
        "[Mask] private readonly Tensor _m = torch.tensor(new float[] { 1, 0, 1, 0 }).DetachFromDisposeScope();\n";
    private const string Other =
        "[Mask] private readonly Tensor _o = torch.tensor(new float[] { 0, 1, 0, 1 }).DetachFromDisposeScope();\n";
    private const string Checkers =
        "[Mask] private readonly Tensor _m = "
        + "torch.tensor(new float[] { 1, 0, 1, 0, 1, 0 }).reshape(1, 2, 3).DetachFromDisposeScope();\n";
    private const string Real =
        "public override Domain Domain => Domain.Real; public override Domain Codomain => Domain.Real;";

    private const string Skew = """
        [Primitive(nameof(Unskew), nameof(SkewSlope))]
        private static Tensor Skew(Tensor x, Tensor k)
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
        private static Tensor Rise(Tensor x, Tensor k)
        { using var t = x.tanh(); using var s = k.sigmoid(); using var u = t * s; return x + u; }
        """;

    private static readonly string s_net =
        Field("Conditioner net = Pieces.Network(Shape.Vector(4), Shape.Vector(4), seed: 3)");
    private static readonly string s_all = Vector + Mask + s_net;

    private static readonly (string Name, string Members, string Body, Shape Shape, string Attribute)[] s_right =
    [
        ("AsInThePaper", s_all,
            "var (s, t) = net.ScaleAndShift(_m * x, null); return _m * x + (1 - _m) * (x * torch.exp(s) + t);",
            Shape.Vector(4), "GeneratedBijector"),
        ("Swapped", s_all,
            "var (s, t) = net.ScaleAndShift(x * _m, null); return (x * torch.exp(torch.tanh(s)) + t) * (1 - _m) "
                + "+ x * _m;",
            Shape.Vector(4), "GeneratedBijector"),
        ("InLocals", s_all,
            "var kept = _m * x; var rest = 1 - _m; var (s, t) = net.ScaleAndShift(kept, null); x = kept + rest * "
                + "(t + torch.exp(s) * x); return x;",
            Shape.Vector(4), "GeneratedBijector"),
        ("MaskInALocal", s_all,
            "var m = _m; x = m * x + (1.0 - m) * (x + net.Evaluate(m * x, null).narrow(-1, 0, 4)); return x * 2;",
            Shape.Vector(4), "GeneratedBijector"),
        ("TheComplementKept", s_all,
            "var (s, t) = net.ScaleAndShift((1 - _m) * x, null); x = (1 - _m) * x + _m * (x / torch.exp(s) - t); "
                + "return x;",
            Shape.Vector(4), "GeneratedBijector"),
        ("BothInTurn", s_all + Other,
            "foreach (var k in new[] { 0.5, 2 }) { var (s, t) = net.ScaleAndShift(_m * x, null); x = _m * x + (1 "
                + "- _m) * (x * torch.exp(s * k) + t); var (u, v) = net.ScaleAndShift(_o * x, null); x = _o * x + (1 - "
                + "_o) * (x * torch.exp(torch.tanh(u)) + v); } return x;",
            Shape.Vector(4), "GeneratedBijector"),
        ("WithoutANetwork", Vector + Mask, "x = x + 1; return _m * x + (1 - _m) * (2 * x + 1);", Shape.Vector(4),
            "GeneratedBijector"),
        ("AroundACurve", s_all,
            "var (s, t) = net.ScaleAndShift(_m * x, null); x = _m * x + (1 - _m) * torch.sinh(torch.asinh(x) * "
                + "torch.exp(torch.tanh(s)) + t); return x;",
            Shape.Vector(4), "GeneratedBijector"),
        // Not back by log: the log-dets of exp and log would cancel, and leave what the two round on a processor.
        ("PowersOfPositives", Vector + Mask,
            "x = torch.exp(x); x = _m * x + (1 - _m) * torch.pow(x, 1.5); return torch.sqrt(x);",
            Shape.Vector(4), "GeneratedBijector"),
        ("ARowOfOnesOwn", s_all + Skew,
            "var (s, t) = net.ScaleAndShift(_m * x, null); return _m * x + (1 - _m) * (Skew(x, torch.tanh(s)) + t);",
            Shape.Vector(4), "GeneratedBijector"),
        ("ARisingRow", s_all + Rise,
            "var (s, t) = net.ScaleAndShift(_m * x, null); return (1 - _m) * Rise(x - t, s) + _m * x;",
            Shape.Vector(4), "GeneratedBijector(Numerical = true)"),
        ("AHalf",
            Vector
                + "[Mask] private readonly Tensor _m = torch.tensor(new float[] { 1, 0 }).DetachFromDisposeScope();"
                + Field("Conditioner net = Pieces.Network(Shape.Vector(2), Shape.Vector(2), seed: 4)"),
            "var (a, b) = Parts.Halves(x); var t = net.Evaluate(_m * b, null).narrow(-1, 0, 2); "
                + "b = _m * b + (1 - _m) * (b * torch.exp(torch.tanh(t + a.mean([-1], true))) - a.mean([-1], true)); "
                + "return Parts.Join(a, b);",
            Shape.Vector(4), "GeneratedBijector"),
        ("AnImage",
            Image + Checkers + Field("Conditioner net = Pieces.Network(Shape.Of(2, 2, 3), Shape.Of(2, 2, 3), seed: 5)"),
            "var (s, t) = net.ScaleAndShift(_m * x, null); "
                + "return _m * x + (1 - _m) * ((x - t) * torch.exp(-torch.tanh(s)));",
            Shape.Of(2, 2, 3), "GeneratedBijector"),
        ("AProperty",
            Vector + s_net
                + "private readonly Tensor _n = torch.tensor(new float[] { 1, 0, 0, 1 }).DetachFromDisposeScope();"
                + "[Mask] private Tensor Keeps => _n;",
            "var (s, t) = net.ScaleAndShift(Keeps * x, null); "
                + "return Keeps * x + (1 - Keeps) * (-x * torch.exp(s) + t);",
            Shape.Vector(4), "GeneratedBijector"),
        ("OneForAll", Vector + "[Mask] private readonly Tensor _m = torch.zeros(1).DetachFromDisposeScope();",
            "return _m * x + (1 - _m) * (torch.sinh(x) * 2 - 1);", Shape.Vector(3), "GeneratedBijector"),
    ];

    // What is kept is outside of where the maps are defined: the method gives 0 times what is no number there.
    private static readonly (string Name, string Members, string Body, Shape Shape)[] s_outside =
    [
        ("ThereAndBackByLogarithms", s_all + Real,
            "x = _m * x + (1 - _m) * torch.exp(x); var (s, t) = net.ScaleAndShift(_m * x, null); return _m * x + "
                + "(1 - _m) * (torch.log(x) * torch.exp(torch.tanh(s)) + t);",
            Shape.Vector(4)),
        ("RootsOfSquares", Vector + Mask + Real + s_net,
            "x = (1 - _m) * torch.exp(x) + _m * x; var s = net.Evaluate(x * _m, null).narrow(-1, 0, 4); x = (1 - "
                + "_m) * torch.sqrt(torch.square(x) * torch.exp(s)) + _m * x; return _m * x + (1 - _m) * torch.log(x);",
            Shape.Vector(4)),
    ];

    // What is wrong with a mask, and what is said when a shape is asked for.
    private static readonly (string Name, string Mask, string Says)[] s_noMasks =
    [
        ("Halved",
            "[Mask] private readonly Tensor _m = torch.tensor(new float[] { 1, 0, 0.5f, 0 "
                + "}).DetachFromDisposeScope();",
            "expected zeros and ones in the mask '_m', got other numbers"),
        ("NotANumber",
            "[Mask] private readonly Tensor _m = torch.tensor(new float[] { 1, 0, float.NaN, 0 "
                + "}).DetachFromDisposeScope();",
            "expected zeros and ones in the mask '_m'"),
        ("OfBooleans",
            "[Mask] private readonly Tensor _m = torch.tensor(new bool[] { true, false, true, true "
                + "}).DetachFromDisposeScope();",
            "expected '_m' in a floating dtype, got Bool"),
        ("TooLong",
            "[Mask] private readonly Tensor _m = torch.tensor(new float[] { 1, 0, 1, 0, 1 "
                + "}).DetachFromDisposeScope();",
            "expected a part that '_m' of shape (5) maps number by number, got (4)"),
        ("OfABatch",
            "[Mask] private readonly Tensor _m = torch.tensor(new float[] { 1, 0, 1, 0 }).reshape(1, "
                + "4).DetachFromDisposeScope();",
            "'_m' of shape (1, 4)"),
        ("OfAParameter",
            "[Mask] private readonly TorchSharp.Modules.Parameter _m = new(torch.ones(4).DetachFromDisposeScope());",
            "expected a mask '_m' that stays as it is"),
    ];

    private static readonly Lazy<Build> s_build = new(() => Build.Of(
    [
        .. s_right.Select(p => (p.Name, Source(p.Name, p.Members, p.Body, p.Attribute))),
        .. s_outside.Select(p => (p.Name, Source(p.Name, p.Members, p.Body))),
        .. s_noMasks.Select(p => (p.Name, Source(p.Name, Vector + p.Mask, "return _m * x + (1 - _m) * (2 * x + 1);"))),
    ]));

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

    public static TheoryData<string> Outside => [.. s_outside.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Outside))]
    public void What_is_kept_may_be_anything(string name)
    {
        Assert.Empty(s_build.Value.Of(name));
        var subject = new LawCase(_ => s_loaded.Value.Make(name), s_outside.Single(p => p.Name == name).Shape);
        foreach (var law in BijectorLaws.All.Where(l => l.Name != "ForwardAgrees"))
        {
            law.Check(subject);
        }
    }

    [Fact]
    public void A_map_that_is_not_defined_for_what_is_kept_leaves_gradients_finite()
    {
        using var scope = NewDisposeScope();
        using var f = s_loaded.Value.Make("ThereAndBackByLogarithms");
        var x = tensor([-2f, -0.5f, -30f, 1f]).requires_grad_();
        var (y, logDet) = f.ForwardWithLogDet(x);
        (y.sum() + logDet).backward();
        Assert.True(x.grad!.isfinite().all().item<bool>());
        Assert.True((y == x)[0].item<bool>() && (y == x)[2].item<bool>());
        var z = y.detach().requires_grad_();
        var (back, inverse) = f.InverseWithLogDet(z);
        (back.sum() + inverse).backward();
        Assert.True(z.grad!.isfinite().all().item<bool>());
        Assert.True(back.allclose(x, 1e-5, 1e-5));
    }

    public static TheoryData<string> NoMasks => [.. s_noMasks.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(NoMasks))]
    public void What_is_no_mask_is_refused_where_a_shape_is_asked_for(string name)
    {
        Assert.Empty(s_build.Value.Of(name));
        var says = s_noMasks.Single(p => p.Name == name).Says;
        using var f = s_loaded.Value.Make(name);
        var shape = Shape.Vector(4);
        Action[] ways = [() => f.OutputShape(shape), () => f.InputShape(shape), () => f.Forward(zeros(4))];
        Assert.All(
            ways, way => Assert.Contains(says, Assert.ThrowsAny<Exception>(way).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Points_that_are_numbers_have_no_entries_to_mask()
    {
        var members = "public override int EventRank => 0;" + Mask;
        var build = Build.Of([("Scalars", Source("Scalars", members, "return _m * x + (1 - _m) * (2 * x + 1);"))]);
        using var loaded = new Loaded(build.Assembly());
        using var f = loaded.Make("Scalars");
        Assert.Contains(
            "expected a mask '_m' of at most the 0 dimensions of an event",
            Assert.Throws<ShapeException>(() => f.Forward(zeros(4))).Message, StringComparison.Ordinal);
    }

    // The rule, what is wrong, and the body with the place marked.
    public static TheoryData<string, string, string> Refused() => new()
    {
        { "BIJ0201", "two masks", "return _m * x + [|_o|] * (2 * x);" },
        { "BIJ0201", "the complement of another mask", "return _m * x + ([|1 - _o|]) * (2 * x);" },
        { "BIJ0201", "two minus a mask", "return _m * x + ([|2 - _m|]) * (2 * x);" },
        { "BIJ0201", "the mask twice", "return _m * x + [|_m|] * (2 * x);" },
        { "BIJ0201", "a tensor that is not marked", "return _n * x + [|(1 - _n) * (2 * x)|];" },
        {
            "BIJ0201", "a tensor in a variable that is not marked",
            "var n = _n; var kept = n * x; return kept + [|(1 - n) * (2 * x)|];"
        },
        { "BIJ0201", "no complement", "return _m * x + [|torch.exp(x)|];" },
        { "BIJ0201", "no complement where what is kept has a name", "var kept = _m * x; return kept + [|2|] * x;" },
        {
            "BIJ0201", "the whole part in a condition",
            "return _m * x + (1 - _m) * (x * [|torch.exp(_net.Evaluate(x))|]);"
        },
        {
            "BIJ0201", "the other entries in a condition",
            "return _m * x + (1 - _m) * (x + [|_net.Evaluate((1 - _m) * x)|]);"
        },
        { "BIJ0201", "a condition under another mask", "return _m * x + (1 - _m) * (x + [|_net.Evaluate(_o * x)|]);" },
        { "BIJ0201", "what is kept and the whole", "return _m * x + (1 - _m) * (x + [|_net.Evaluate(_m * x + x)|]);" },
        { "BIJ0201", "a causal condition on the whole", "return _m * x + (1 - _m) * (x + [|Before(x)|]);" },
        { "BIJ0201", "a contraction", "return _m * x + (1 - _m) * (x + [|Bend(x)|]);" },
        {
            "BIJ0202", "what was kept of an earlier state",
            "var t = _net.Evaluate(_m * x); x = 2 * x; return _m * x + (1 - _m) * (x + [|t|]);"
        },
        { "BIJ0202", "what is kept after it was mapped", "var kept = _m * x; x = 2 * x; return x + [|kept|];" },
        {
            "BIJ0202", "a condition of the step before",
            "var t = _net.Evaluate(_m * x); x = _m * x + (1 - _m) * (x + t); return _m * x + (1 - _m) * (x + [|t|]);"
        },
        { "BIJ0101", "elements that move", "return _m * x + (1 - _m) * [|Parts.Flip(x)|];" },
        { "BIJ0101", "a bijector", "return _m * x + (1 - _m) * [|_f.Forward(x)|];" },
        { "BIJ0101", "nothing that is mapped", "return _m * x + (1 - _m) * [|x|];" },
        { "BIJ0201", "a mask inside of a mask", "return _m * x + (1 - _m) * (_o * x + [|(1 - _o) * (2 * x)|]);" },
        { "BIJ0204", "a map that has no inverse", "return _m * x + (1 - _m) * [|torch.nn.functional.relu(x)|];" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Is_refused_on_the_expression(string rule, string what, string body) => Marked.Fires(rule, what, $$"""
        [GeneratedBijector] public sealed partial class M : Bijector
        {
            [Mask] private readonly Tensor _m = torch.ones(4);
            [Mask] private readonly Tensor _o = torch.zeros(4);
            private readonly Tensor _n = torch.ones(4);
            private readonly Net _net = new();
            private readonly Bijector _f;
            public M(Bijector f) { _f = f; RegisterComponents(); }
            public override int EventRank => 1;
            [Causal] private static Tensor Before(Tensor x) => x.cumsum(-1) - x;
            [Contractive(0.5)] private static Tensor Bend(Tensor x) => x.sin() / 2;
            [Forward] private Tensor Map(Tensor x) { {{body}} }
        }
        """);

    [Theory]
    [InlineData("return _n * x + (1 - _n) * (2 * x);", "mark '_n' [Mask] if it holds zeros and ones alone")]
    [InlineData("return _m * x + (2 - _m) * (2 * x);", "where '_m * x' is kept, the other factor is '1 - _m'")]
    [InlineData("return (1 - _m) * x + (1 - _m) * (2 * x);", "where '(1 - _m) * x' is kept, the other factor is '_m'")]
    public void A_message_says_what_to_write(string body, string expected)
    {
        var (_, diagnostics) = Compilations.Build($$"""
            [GeneratedBijector] public sealed partial class M : Bijector
            {
                [Mask] private readonly Tensor _m = torch.ones(4); private readonly Tensor _n = torch.ones(4);
                public override int EventRank => 1;
                [Forward] private Tensor Map(Tensor x) { {{body}} }
            }
            """);
        var message = Assert.Single(diagnostics).GetMessage(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }
}
