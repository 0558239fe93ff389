using System.Globalization;
using Bijectors.RandomPrograms.Run;
using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Generators.Tests;

/// <summary>
/// Maps of several pieces: as papers write them they obey all laws and come back from at, around and far from their
/// cuts, or it is said where the pieces stand.
/// </summary>
public sealed class PiecewiseTests
{
    private const string Vector = "public override int EventRank => 1;";

    // The name, what the class declares beside the map, the body of the map, the shape of a point, the codomain, and
    // where pieces end.
    private static readonly (string Name, string Members, string Body, Domain Domain, Domain Codomain,
        double[] Cuts)[] s_right =
        [
            ("Leaky", "", "return torch.where(x < 0, 0.1 * x, x);", Domain.Real, Domain.Real, [0]),
            ("Exponential", "", "return torch.where(x > 0, x, torch.expm1(x));", Domain.Real,
                Domain.Interval(-1, double.PositiveInfinity), [0]),

            // Yeo, Johnson 2000, A new family of power transformations to improve normality or symmetry,
            // Biometrika 87 (4).
            ("YeoJohnson", Vector + Written.Free("a", 4),
                "var l = 1 + 0.9 * torch.tanh(a); return torch.where(x < 0, -(torch.pow(1 - x, 2 - l) - 1) / (2 - l), "
                    + "(torch.pow(1 + x, l) - 1) / l);", Domain.Real, Domain.Real, [0]),
            ("YeoJohnsonOfANumber", "[Within(0, 2)] private readonly double _l = 0.7;",
                "return torch.where(x < 0, -(torch.pow(1 - x, 2 - _l) - 1) / (2 - _l), "
                    + "(torch.pow(1 + x, _l) - 1) / _l);", Domain.Real, Domain.Real, [0]),
            ("YeoJohnsonOfALiteral", "private const double L = 1.5;",
                "return torch.where(x >= 0, (torch.pow(1 + x, L) - 1) / L, -(torch.pow(1 - x, 2 - L) - 1) / (2 - L));",
                Domain.Real, Domain.Real, [0]),
            ("TwoSided", Vector + Written.Free("a", 4) + Written.Free("b", 4),
                "return torch.where(x < 0, 1 - torch.pow(1 - x, torch.exp(a)), torch.pow(1 + x, torch.exp(b)) - 1);",
                Domain.Real, Domain.Real, [0]),

            // Box, Cox 1964, An analysis of transformations, Journal of the Royal Statistical Society B 26 (2).
            ("BoxCox", "[Positive] private readonly double _l = 0.5;", "return (torch.pow(x, _l) - 1) / _l;",
                Domain.Positive, Domain.Interval(-2, double.PositiveInfinity), []),
            ("BoxCoxDown", "[Within(double.NegativeInfinity, 0)] private readonly double _l = -0.3;",
                "return (torch.pow(x, _l) - 1) / _l;",
                Domain.Positive, Domain.Interval(double.NegativeInfinity, 1 / 0.3), []),
            ("EndsOfTheClass", "private readonly double _k = 2; [Positive] private int Width => 3;",
                "x = torch.sigmoid(x) + _k; return Math.Sqrt(2) - 2 * (x / Width - _k);", Domain.Real,
                Domain.Interval(Math.Sqrt(2) - (2 * ((3.0 / 3) - 2)), Math.Sqrt(2) - (2 * ((2.0 / 3) - 2))), []),
            ("EndsInHalves", "public override int EventRank => 1; private readonly double _k = 2;",
                "x = torch.exp(x) - _k; var (a, b) = Parts.Halves(x); return Parts.Join(b, a);", Domain.Real,
                Domain.Interval(-2, double.PositiveInfinity), []),
            ("Huber", "", "return torch.where(x.le(1), x, 2 * torch.sqrt(x) - 1);", Domain.Real, Domain.Real, [1]),
            ("HuberOnBothSides",
                "", "return torch.where(x < -1, 1 - 2 * torch.sqrt(-x), torch.where(x > 1, 2 * torch.sqrt(x) - 1, x));",
                Domain.Real, Domain.Real, [-1, 1]),
            ("Linear", "", "return torch.where(x < -1, 0.5 * x - 0.5, torch.where(x <= 2, x, 3 * x - 4));", Domain.Real,
                Domain.Real, [-1, 2]),
            ("LinearOfDecimals", "", "return torch.where(x < 1, 0.3 * x, 2 * (x - 1) + 0.3);",
                Domain.Real, Domain.Real, [1]),
            ("LinearDown",
                "", "return torch.where(torch.lt(x, 2), -x, torch.where(torch.ge(x, 4), 6 - 3 * x, 2 - 2 * x));",
                Domain.Real, Domain.Real, [2, 4]),
            ("Decreasing", "", "return torch.where(0 <= x, -x, 1 - torch.exp(x));", Domain.Real,
                Domain.Interval(double.NegativeInfinity, 1), [0]),
            ("Logarithm", "", "return torch.where(x < 1, torch.log(x), x - 1);", Domain.Positive, Domain.Real, [1]),
            ("Reciprocals", "", "return torch.where(1 > x, torch.reciprocal(x), 2 - x);",
                Domain.Positive, Domain.Real, [1]),
            ("Inside", "", "return 2 * torch.exp(torch.where(x > 0, x, torch.expm1(x)) + 1);", Domain.Real,
                Domain.Interval(2, double.PositiveInfinity), [0]),
            ("AfterASigmoid", "", "var h = torch.sigmoid(x); return torch.where(h < 0.5, h, 2 * h - 0.5);", Domain.Real,
                Domain.Interval(0, 1.5), [0]),
            ("BeforeALogit", "", "return torch.logit(torch.where(x < 0.5, x, 2 * x - 0.5));", Domain.Interval(0, 0.75),
                Domain.Real, [0.5]),
            ("CutOutside", "", "x = torch.exp(x); return torch.where(x < -1, 2 * x + 1, x);", Domain.Real,
                Domain.Positive, []),
            ("ByAnotherPart", Vector,
                "var (a, b) = Parts.Halves(x); var s = torch.tanh(a.mean(new long[] { -1 }, true)); "
                    + "b = torch.where(b < 0, b * torch.exp(s), b / (1.5 + s)) + s; return Parts.Join(a, b);",
                Domain.Real, Domain.Real, [0]),
            ("InALoop", Vector + Written.Free("a", 4), "for (var i = 1; i < 4; i++) { "
                + "x = torch.where(x < 0, x * i, x * torch.exp(a)); x = x - 0.5; } return x;",
                Domain.Real, Domain.Real, [0, 0.5]),
            ("InABranch", "private readonly bool _on = true;", "if (_on) { x = torch.where(x < 0, x * 2, x); } else { "
                + "x = torch.where(x < 0, torch.sinh(x), x); } return x;", Domain.Real, Domain.Real, [0]),
            ("OneAfterTheOther", "", "var h = torch.where(x < 0, 2 * x, x); var y = torch.where(h < 1, h, 3 * h - 2); "
                + "return -torch.where(y <= -1, y, 2 * y + 1);", Domain.Real, Domain.Real, [-0.5, 0, 1]),
            ("NothingChanges", "", "return torch.where(x < 3, x, -(3 - x) + 3);", Domain.Real, Domain.Real, [3]),
            ("Names", "[Positive] private readonly double isBelow = 2;",
                "var clamp = torch.where(x < 0, x, isBelow * x / isBelow); return clamp;",
                Domain.Real, Domain.Real, [0]),
        ];

    private static readonly Lazy<Build> s_build =
        new(() => Build.Of([.. s_right.Select(p => (p.Name, Written.Source(p.Name, p.Members, p.Body)))]));

    private static readonly Lazy<Loaded> s_loaded = new(() => new Loaded(s_build.Value.Assembly()));

    public static TheoryData<string> Right => [.. s_right.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Right))]
    public void Obeys_all_laws_and_is_the_method(string name)
    {
        Assert.True(
            s_build.Value.Of(name).Count == 0, string.Join('\n', s_build.Value.Of(name)) + s_build.Value.Emitted(name));
        var program = s_right.Single(p => p.Name == name);
        using (var f = s_loaded.Value.Make(name))
        {
            Assert.Equal((program.Domain, program.Codomain), (f.Domain, f.Codomain));
        }

        // The difference of a power and 1 loses what any (1 + x)^k - 1 does, in one piece as well.
        var subject =
            new LawCase(_ => s_loaded.Value.Make(name), Shape.Vector(4), roundings: name is "TwoSided" ? 16 : 4);
        BijectorLaws.Check(subject);
        new SameAsBody().Check(subject);
    }

    [Theory]
    [MemberData(nameof(Right))]
    public void Comes_back_at_around_and_far_from_the_cuts(string name)
    {
        var (_, _, _, domain, _, cuts) = s_right.Single(p => p.Name == name);
        using var scope = NewDisposeScope();
        using var f = s_loaded.Value.Make(name);
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            f.to(dtype);
            foreach (var cut in cuts)
            {
                var x = Tame(f, Around(cut, domain, dtype)).requires_grad_();
                var (y, logDet) = f.ForwardWithLogDet(x);
                var back = f.Inverse(y);
                var size = 8 * (dtype == ScalarType.Float32 ? 5e-7 : 1e-15);
                y.sum().backward(retain_graph: true);
                var slope = x.grad!.clone();
                Assert.False(slope.isnan().any().item<bool>());
                AssertSmall((back - x).abs() - (size * (1 + x.abs() + ((1 + y.abs()) / slope.abs()))), 0,
                    $"{name} at {cut}, {dtype}: the way back");
                (logDet.sum() + y.sum()).backward();
                Assert.False(x.grad!.isnan().any().item<bool>());
                var z = y.detach().requires_grad_();
                var (point, pointLogDet) = f.InverseWithLogDet(z);
                (point.sum() + pointLogDet.sum()).backward();
                Assert.False(z.grad!.isnan().any().item<bool>());

                // At the cut itself and not next to it the slope is that of the piece that the comparison takes.
                var at = zeros(1, 4, dtype: dtype) + cut;
                AssertSmall((f.ForwardWithLogDet(at).LogDet + f.InverseWithLogDet(f.Forward(at)).LogDet).abs(), size,
                    $"{name} at {cut}, {dtype}: the log-slope");
            }
        }
    }

    // The pieces increase in float32 as well across the cut: no number beyond it comes before one on this side.
    [Theory]
    [MemberData(nameof(Right))]
    public void Keeps_the_order_of_points_around_the_cuts(string name)
    {
        using var scope = NewDisposeScope();
        using var f = s_loaded.Value.Make(name);
        f.to(ScalarType.Float64);
        foreach (var cut in s_right.Single(p => p.Name == name).Cuts)
        {
            var x =
                tensor(Enumerable.Range(-50, 101).Select(i => cut + (i * 1e-3)).ToArray()).unsqueeze(-1).repeat(1, 4);
            var steps = f.Forward(x).diff(dim: 0);
            Assert.True(name == "ByAnotherPart" || (steps > 0).all().item<bool>() || (steps < 0).all().item<bool>(),
                $"{name} at {cut}");
        }
    }

    [Theory]
    [InlineData("[|torch.where(x < 0, 2 * x, x + 1)|]", "At x = 0 one piece stands at 0 and the other at 1")]
    [InlineData("[|torch.where(x < 1, 0.1 * x, x - 0.9)|]", "At x = 1 one piece stands at 0.1 and the other at 0.0999")]
    [InlineData("[|torch.where(x < 0, x, -x)|]", "'x' increases and '-x' decreases")]
    [InlineData("[|torch.where(x > 0, torch.exp(-x), torch.expm1(x) + 1)|]",
        "'torch.expm1(x) + 1' increases and 'torch.exp(-x)' decreases")]
    [InlineData("torch.where(x < 0, [|x * _k|], x)", "up to a factor of unknown sign")]
    [InlineData("torch.where(x < 0, x, [|x + _p|])", "Where 'x + _p' stands at x = 0 depends on what is no literal")]
    [InlineData("torch.where(x < 2, x, [|torch.pow(x, _p)|])", "depends on what is no literal")]
    [InlineData("torch.where(x < 0, x, [|torch.square(x)|])", "'square' ends there")]
    [InlineData("torch.where(x < 0, [|-torch.sqrt(-x)|], torch.sqrt(x))", "'sqrt' ends there")]
    [InlineData("torch.where(x < 1, x, [|torch.log(x - 1) + 1|])", "'log' ends there")]
    [InlineData("torch.where(x > 1, x, [|torch.logit(x - 1)|])", "not defined at 1 itself")]
    [InlineData("torch.where(x < 0, [|Parts.Flip(x)|], x)", "as one piece of a map")]
    [InlineData("torch.where(x < 0, [|_f.Forward(x)|], x)", "as one piece of a map")]
    [InlineData("torch.where(x < 0, [|Grow(x)|], x)", "as one piece of a map")]
    [InlineData("torch.where(x < 0, x, x * [|torch.exp(x)|])", "'x' is mapped by something computed from 'x' itself")]
    [InlineData("[|torch.where(x < _k, x, x)|]", "with a variable x and a literal c")]
    [InlineData("[|torch.where(x * 2 < 0, x, x)|]", "with a variable x and a literal c")]
    [InlineData("[|torch.where(x < 0, x, torch.zeros(4))|]", "with a variable x and a literal c")]
    [InlineData("[|torch.where(x == 0, x, x)|]", "with a variable x and a literal c")]
    [InlineData("[|torch.where(x < double.PositiveInfinity, x, x)|]", "with a variable x and a literal c")]
    [InlineData("torch.where(x < 1, [|torch.sin(x)|], x)", "not one-to-one")]
    [InlineData("torch.where(x < 1, x, [|torch.log(x + _p * 0 + 1)|])",
        "'log' gets values outside of its domain, or values that depend on what is no literal")]
    public void Says_on_the_expression_what_is_wrong(string expression, string says) =>
        AssertRefused(Refusable("return " + expression + ";"), says);

    [Fact]
    public void A_condition_on_another_part_is_no_map_of_pieces() => AssertRefused(
        Refusable("var (a, b) = Parts.Halves(x); b = [|torch.where(a < 0, b, 2 * b)|]; return Parts.Join(a, b);"),
        "is overwritten by something that is not computed from it");

    [Fact]
    public void Is_volume_preserving_only_where_both_pieces_are()
    {
        using var same = s_loaded.Value.Make("NothingChanges");
        using var leaky = s_loaded.Value.Make("Leaky");
        Assert.True(same.IsVolumePreserving);
        Assert.False(leaky.IsVolumePreserving || leaky.HasConstantJacobian);
    }

    private static void AssertRefused(string source, string says)
    {
        var start = source.IndexOf("[|", StringComparison.Ordinal);
        var end = source.IndexOf("|]", StringComparison.Ordinal) - 2;
        var (_, diagnostics) = Compilations.Build(
            source.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal));
        var diagnostic = Assert.Single(diagnostics, d => d.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error);
        Assert.Contains(says, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var span = diagnostic.Location.SourceSpan;
        Assert.Equal(source[(start + 2)..(end + 2)], diagnostic.Location.SourceTree!.ToString()[span.Start..span.End]);
    }

    private static string Refusable(string body) => $$"""
        [GeneratedBijector] public sealed partial class M : Bijector
        {
            public override int EventRank => 1;
            private readonly double _k = 2;
            [Positive] private readonly double _p = 2;
            private readonly Bijector _f = null!;
            [Primitive(nameof(Shrink), nameof(Slope))] private static Tensor Grow(Tensor x) => 3 * x;
            private static Tensor Shrink(Tensor y) => y / 3;
            private static Tensor Slope(Tensor x) => torch.full_like(x, Math.Log(3));
            [Forward] private Tensor Map(Tensor x) { {{body}} }
        }
        """;

    /// <summary>
    /// The cut, the numbers next to it, some near it and some far from it, each in all entries of a row.
    /// </summary>
    private static Tensor Around(double cut, Domain domain, ScalarType dtype)
    {
        double[] distances = [0, 1e-30, 1e-12, 1e-9, 1e-7, 1e-5, 1e-3, 0.1, 0.2, 1, 7, 30, 1e3, 1e5];
        var near = dtype == ScalarType.Float32
            ? new double[] { MathF.BitIncrement((float)cut), MathF.BitDecrement((float)cut) }
            : [Math.BitIncrement(cut), Math.BitDecrement(cut)];
        var all = distances.SelectMany(d => new[] { cut + d, cut - d }).Concat(near)
            .Where(x => domain.Contains(tensor(new[] { x }, dtype: dtype)).all().item<bool>()).ToArray();
        return tensor(all, dtype: dtype).unsqueeze(-1).repeat(1, 4);
    }

    /// <summary>The points at which a map does not saturate or overflow, so that there is a way back.</summary>
    private static Tensor Tame(Bijector f, Tensor x)
    {
        var point = x.detach().requires_grad_();
        f.Forward(point).sum().backward();
        var slope = point.grad!.abs();
        return x[(slope > 1e-3).logical_and(slope < 1e4).all(-1)];
    }

    private static void AssertSmall(Tensor error, double bound, string what)
    {
        var largest = error.max().to(ScalarType.Float64).item<double>();
        Assert.True(largest <= bound, $"{what} is off by {largest:G3}");
    }
}
