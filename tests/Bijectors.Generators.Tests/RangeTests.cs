using Bijectors.Generators.Analyse;
using Bijectors.Generators.Language;
using Bijectors.RandomPrograms.Run;
using Microsoft.CodeAnalysis;
using TorchSharp;
using static TorchSharp.torch;
using Range = Bijectors.Generators.Analyse.Range;

namespace Bijectors.Generators.Tests;

/// <summary>
/// What the compiler knows of intervals is true of the functions of torch: in between, around all ends, far out, at
/// numbers without all their digits.
/// </summary>
public sealed class RangeTests
{
    private const double Operand = 1.7;

    private static readonly double[] s_sizes = [5e-324, 1e-310, 1e-300, 1e-30, 1e-9, 1e-3, 0.3, 0.5, 1, Math.PI / 2, 2,
        20, 40, 710, 1e5, 1e17, 1e300, double.MaxValue];

    private static readonly Lazy<Type> s_torch = new(Torch);

    public static TheoryData<string> Rows => [.. Primitives.All.Keys];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Functions_of_ends_are_those_of_torch(string name)
    {
        var row = Primitives.All[name];
        var forward = Curve.Of(row, Operand)!.Value.Forward;
        foreach (var x in Points(row.Domain))
        {
            var known = forward.At(x);
            if (!double.IsNaN(known))
            {
                Assert.True(Close(known, Of(row, x)), $"{name}({x:R}) is {Of(row, x):R}, not {known:R}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Images_hold_all_values_and_end_where_they_end(string name)
    {
        var row = Primitives.All[name];
        var forward = Curve.Of(row, Operand)!.Value.Forward;
        double[] points = [.. Points(row.Domain)];
        double[] ends = [row.Domain.Low, .. points, row.Domain.High];
        double[] whole = [forward.At(row.Domain.Low), forward.At(row.Domain.High)];
        var isExact =
            Range.Of(row.Domain).Through(end => end.Through(forward)) is { Low.IsExact: true, High.IsExact: true };
        var known = 0;
        for (var i = 0; i < ends.Length; i++)
        {
            for (var j = i + 1; j < ends.Length; j++)
            {
                if (Range.Of(new(ends[i], ends[j])).Through(end => end.Through(forward)) is { } image)
                {
                    known++;
                    Assert.All(points.Where(x => ends[i] < x && x < ends[j]),
                        x => Assert.InRange(Of(row, x), Down(image.Low.Low), Up(image.High.High)));

                    // The end of the whole is claimed where an end of the whole went in, and nowhere else.
                    if (isExact)
                    {
                        Assert.Equal((i == 0 ? 1 : 0) + (j == ends.Length - 1 ? 1 : 0),
                            new[] { image.Low, image.High }.Count(end => whole.Contains(end.Value)));
                    }
                }
            }
        }

        Assert.True(known > 0);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_way_back_undoes_the_way_forward(string name)
    {
        var row = Primitives.All[name];
        var (forward, back) = Curve.Of(row, Operand)!.Value;
        foreach (var x in Points(row.Domain).Where(x => Math.Abs(x) is > 1e-3 and < 15))
        {
            if (forward.At(x) is var y && !double.IsNaN(y))
            {
                Assert.Equal(x, back.At(y), 1e-6 * Math.Abs(x));
            }
        }

        Assert.Equal(
            [row.Domain.Low, row.Domain.High], new[] { back.At(back.Domain.Low), back.At(back.Domain.High) }.Order());
    }

    [Theory]
    [InlineData("-torch.log(0.5 * (1 + torch.tanh(x)))", "Positive")]
    [InlineData("torch.reciprocal(-torch.log(0.5 * (1 + torch.tanh(x))))", "Positive")]
    [InlineData("torch.reciprocal(-torch.expm1(-torch.exp(x)))", "Interval(1, double.PositiveInfinity)")]
    [InlineData("torch.pow(-torch.log(torch.sigmoid(x)), -1)", "Positive")]
    [InlineData("torch.tanh(x) / 2 + 0.5", "Unit")]
    [InlineData("256 * torch.sigmoid(x) - 1", "Interval(-1, 255)")]
    public void Codomains_end_where_they_end(string body, string expected)
    {
        var (emitted, diagnostics) = Compilations.Build(
            $"[GeneratedBijector] public sealed partial class M : Bijector {{ "
            + $"[Forward] private static Tensor Map(Tensor x) => {body}; }}");
        Assert.DoesNotContain(diagnostics, d => d.Severity == DiagnosticSeverity.Error);
        Assert.Contains($"Codomain => global::Bijectors.Domain.{expected};", Assert.Single(emitted));
    }

    [Fact]
    public void The_tangent_of_a_right_angle_has_no_end()
    {
        var (emitted, diagnostics) = Compilations.Build(
            "[GeneratedBijector] public sealed partial class M : Bijector { "
            + "[Forward] private static Tensor Map(Tensor x) => torch.log(torch.atan(x)); }");
        Assert.Empty(diagnostics);
        Assert.Contains(" Domain => global::Bijectors.Domain.Positive;", Assert.Single(emitted));
    }

    [Theory]
    [InlineData("torch.logit(torch.sigmoid(40 * torch.tanh(x)))", "BIJ0206")]
    [InlineData("torch.log(torch.log(1 + torch.exp(50 * torch.tanh(x))))", "BIJ0206")]
    [InlineData("torch.exp(1000 * torch.tanh(x))", "BIJ0207")]
    [InlineData("torch.log(torch.tanh(torch.sinh(x)) - 2)", "BIJ0206")]
    [InlineData("torch.logit(2 + torch.sigmoid(torch.sinh(x)))", "BIJ0206")]
    [InlineData("x * double.PositiveInfinity", "BIJ0204")]
    [InlineData("x + double.NegativeInfinity", "BIJ0204")]
    [InlineData("torch.pow(x, double.PositiveInfinity)", "BIJ0204")]
    [InlineData("torch.nn.functional.leaky_relu(x, double.PositiveInfinity)", "BIJ0204")]
    [InlineData("x * 1e-320 * 1e-10", "BIJ0204")]
    [InlineData("(x * 1e-20 + 1) / 1e20", "BIJ0204")]
    [InlineData("1e30 * -(1e30 * x)", "BIJ0204")]
    public void What_is_rounded_to_an_end_is_not_taken_for_one(string body, string rule)
    {
        var (_, diagnostics) = Compilations.Build($"[GeneratedBijector] public sealed partial class M : Bijector {{ "
            + $"[Forward] private static Tensor Map(Tensor x) => {body}; }}");
        Assert.Contains(rule, diagnostics.Select(d => d.Id));
        Assert.DoesNotContain(diagnostics, d => d.Id is "CS8785" or "AD0001");
    }

    private static IEnumerable<double> Points(Bounds domain)
    {
        IEnumerable<double> around = new[] { domain.Low, domain.High }.Where(end => !double.IsInfinity(end))
            .SelectMany(end => new[] { Math.BitIncrement(end), Math.BitDecrement(end), end + 1e-9, end - 1e-9 });
        return s_sizes.SelectMany(size => new[] { -size, size }).Append(0).Concat(around)
            .Where(x => domain.Low < x && x < domain.High).Distinct().Order();
    }

    private static double Of(Primitive row, double x)
    {
        using var scope = NewDisposeScope();
        var method = s_torch.Value.GetMethod(Method(row))!;
        return ((Tensor)method.Invoke(null, [tensor([x], ScalarType.Float64)])!).item<double>();
    }

    private static string Method(Primitive row) => $"Row{Primitives.All.Keys.ToList().IndexOf(row.Name)}";

    /// <summary>The functions of torch that emitted code calls, each a method.</summary>
    private static Type Torch()
    {
        var methods = Primitives.All.Values.Select(row =>
            $"public static Tensor {Method(row)}(Tensor x) => "
            + $"{row.Forward.Replace("{x}", "x").Replace("{k}", FormattableString.Invariant($"{Operand}"))};");
        var source = $$"""
            using TorchSharp;
            using static TorchSharp.torch;

            public static class Torch
            {
            {{string.Join('\n', methods)}}
            }
            """;
        return System.Reflection.Assembly.Load(Build.Of([("Torch", source)]).Assembly()).GetType("Torch")!;
    }

    // Where numbers are so small that they lack digits, a function of torch may lack them too.
    private static bool Close(double a, double b) =>
        a == b || Math.Abs(a - b) <= (1e-12 * Math.Max(Math.Abs(a), Math.Abs(b))) + 1e-307;

    private static double Down(double x) => x - (1e-12 * Math.Abs(x)) - 1e-307;

    private static double Up(double x) => x + (1e-12 * Math.Abs(x)) + 1e-307;
}
