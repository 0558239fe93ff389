using Bijectors.Generators.Analyse;
using Bijectors.Generators.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Generators.Tests;

using Interval = Bijectors.Generators.Model.Interval;

/// <summary>
/// The interval of a known value holds whatever torch computes, in float32 and in float64, at and around the ends of
/// its operands; and no interval is wider than it need be.
/// </summary>
public sealed class IntervalTests
{
    private const double Infinity = double.PositiveInfinity;

    private static readonly double[] s_ends =
    [
        -Infinity, -1e30, -90, -17.5, -3.3, -1, -0.7, -0.1, -1e-9, 0, 1e-39, 1e-9, 0.1, 0.3, 0.999999999, 1, 1.1, 2,
        3.3, 17.5, 90, 1e30, Infinity,
    ];

    private static readonly Dictionary<string, Func<Tensor, Tensor>> s_unary = new()
    {
        ["neg"] = x => -x, ["abs"] = abs, ["square"] = square, ["reciprocal"] = reciprocal, ["exp"] = exp,
        ["exp2"] = exp2, ["sqrt"] = sqrt, ["rsqrt"] = rsqrt, ["log"] = log, ["sigmoid"] = sigmoid, ["tanh"] = tanh,
        ["softplus"] = Elementwise.Softplus, ["logsigmoid"] = x => nn.functional.logsigmoid(x),
        ["softsign"] = Elementwise.Softsign, ["atan"] = atan, ["erf"] = erf, ["sin"] = sin, ["cos"] = cos,
        ["cosh"] = cosh, ["relu"] = x => nn.functional.relu(x), ["clone"] = x => x.clone(),
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> s_binary = new()
    {
        ["add"] = (x, k) => x + k, ["sub"] = (x, k) => x - k, ["mul"] = (x, k) => x * k, ["div"] = (x, k) => x / k,
        ["pow"] = (x, k) => pow(x, k), ["minimum"] = minimum, ["maximum"] = maximum,
    };

    private static readonly Dictionary<string, Func<Tensor, double, Tensor>> s_literal = new()
    {
        ["add"] = (x, k) => x + k, ["sub"] = (x, k) => x - k, ["mul"] = (x, k) => x * k, ["div"] = (x, k) => x / k,
        ["pow"] = (x, k) => pow(x, k), ["minimum"] = (x, k) => clamp(x, max: k),
        ["maximum"] = (x, k) => clamp(x, min: k),
    };

    public static TheoryData<string, ScalarType> Unary => Each(s_unary.Keys);

    public static TheoryData<string, ScalarType> Binary => Each(s_binary.Keys);

    [Theory]
    [MemberData(nameof(Unary))]
    public void Holds_what_a_function_gives(string name, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        foreach (var interval in All())
        {
            AssertHolds(
                Intervals.Of(name, [interval]), s_unary[name](Points(interval, dtype)), $"{name} of {interval}");
        }
    }

    [Theory]
    [MemberData(nameof(Binary))]
    public void Holds_what_two_values_give(string name, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var points = All().Select(i => (Interval: i, Points: Points(i, dtype))).ToList();
        foreach (var (a, x) in points)
        {
            foreach (var (b, k) in points)
            {
                using var inner = NewDisposeScope();
                AssertHolds(Intervals.Of(name, [a, b]), s_binary[name](x.unsqueeze(0), k.unsqueeze(1)),
                    $"{name} of {a} and {b}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Binary))]
    public void Holds_what_a_literal_gives(string name, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        foreach (var a in All())
        {
            var x = Points(a, dtype);
            foreach (var k in s_ends.Where(double.IsFinite))
            {
                using var inner = NewDisposeScope();
                AssertHolds(Intervals.Of(name, [a, Interval.At(k)]), s_literal[name](x, k), $"{name} of {a} and {k:R}");
            }
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Holds_what_is_clamped(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        foreach (var a in All())
        {
            var x = Points(a, dtype);
            AssertHolds(
                Intervals.Of("clamp", [a, Interval.At(0.1), Interval.At(3.3)]), clamp(x, 0.1, 3.3), $"clamp of {a}");
            AssertHolds(Intervals.Of("mul", [a, a], isSquare: true), x * x, $"square of {a}");
            AssertHolds(Intervals.Of("where", [Interval.All, a, new(-0.1, 0.3)]),
                where(x > 0, x, zeros_like(x) - 0.1), $"where of {a}");
        }
    }

    // What remains of a stated end is not zero, at the very last number before it.
    [Theory]
    [InlineData(2.0)]
    [InlineData(1.0)]
    [InlineData(0.5)]
    public void Leaves_something_of_an_end_that_is_never_reached(double end)
    {
        var open = new Interval(-end, end, IsOpen: true);
        Assert.Equal(Sign.Positive, Intervals.Of("sub", [Interval.At(end), open]).Sign);
        Assert.Equal(Sign.NonZero, Intervals.Of("sub", [open, Interval.At(end)]).Sign);
        Assert.Equal(Sign.Positive, Intervals.Of("add", [open, Interval.At(end)]).Sign);
        Assert.Equal(Sign.Unknown, Intervals.Of("sub", [Interval.At(end), open with { IsOpen = false }]).Sign);
        using var scope = NewDisposeScope();
        Assert.True((end - tensor(MathF.BitDecrement((float)end))).item<float>() > 0);
        Assert.True((end - tensor(Math.BitDecrement(end))).item<double>() > 0);
        Assert.True((tensor(MathF.BitDecrement((float)end)) - end).item<float>() < 0);
    }

    // In float32, 0.7 is less than the literal: a value below the literal may be what the literal is rounded to.
    [Fact]
    public void Leaves_nothing_of_an_end_that_float32_lacks() =>
        Assert.Equal(Sign.Unknown, Intervals.Of("sub", [Interval.At(0.7), new(0, 0.7, IsOpen: true)]).Sign);

    [Theory]
    [InlineData("tanh", -1, 1)]
    [InlineData("sigmoid", 0, 1)]
    [InlineData("softsign", -1, 1)]
    [InlineData("erf", -1, 1)]
    [InlineData("exp", 0, Infinity)]
    [InlineData("softplus", 0, Infinity)]
    [InlineData("square", 0, Infinity)]
    [InlineData("relu", 0, Infinity)]
    public void Is_what_a_function_is_onto(string name, double low, double high) =>
        Assert.Equal(new Interval(low, high), Intervals.Of(name, [Interval.All]));

    [Theory]
    [InlineData("add", 0.5, 2.5)]
    [InlineData("sub", 0.5, 2.5)]
    [InlineData("mul", -1.5, 1.5)]
    [InlineData("div", -2 / 3.0, 2 / 3.0)]
    [InlineData("minimum", -1, 1)]
    [InlineData("maximum", 1.5, 1.5)]
    public void Is_no_wider_than_rounding_makes_it(string name, double low, double high)
    {
        var literal = Interval.At(1.5);
        var known = Intervals.Of(name,
            name == "sub" ? [literal, new(-1, 1)] : name == "div" ? [new(-1, 1), literal] : [new(-1, 1), literal]);
        Assert.Equal(low, known.Low, 1e-5);
        Assert.Equal(high, known.High, 1e-5);
    }

    private static TheoryData<string, ScalarType> Each(IEnumerable<string> names)
    {
        var data = new TheoryData<string, ScalarType>();
        foreach (var name in names)
        {
            data.Add(name, ScalarType.Float32);
            data.Add(name, ScalarType.Float64);
        }

        return data;
    }

    private static IEnumerable<Interval> All() =>
        from low in Enumerable.Range(0, s_ends.Length - 1)
        from width in new[] { 0, 1, 3, 8, s_ends.Length }
        let high = Math.Min(low + width, s_ends.Length - 1)
        where !double.IsInfinity(s_ends[low]) || high > low
        select new Interval(s_ends[low], s_ends[high]);

    /// <summary>
    /// Numbers of an interval, those at and next to its ends among them, as a tensor of its type has them.
    /// </summary>
    private static Tensor Points(Interval interval, ScalarType dtype)
    {
        var (low, high) = (Math.Max(interval.Low, -double.MaxValue), Math.Min(interval.High, double.MaxValue));
        var inside = new[]
        {
            -1e9, -200, -20, -2, -0.9, -0.5, -0.2, -1e-3, -1e-20, 0, 1e-20, 1e-3, 0.2, 0.5, 0.9, 1.5, 2.5, 20, 200, 1e9,
        }.Where(x => low < x && x < high);
        var steps =
            Enumerable.Range(1, 7).Select(i => low + (i / 8.0 * (Math.Min(high, 1e30) - low))).Where(double.IsFinite);
        double[] all = [low, high, .. inside, .. steps.Where(x => low <= x && x <= high)];
        return dtype == ScalarType.Float32
            ? tensor(all.SelectMany(x => new[] { (float)x, MathF.BitIncrement((float)x), MathF.BitDecrement((float)x) })
                .Where(x => low <= x && x <= high && float.IsFinite(x)).ToArray())
            : tensor(all.SelectMany(x => new[] { x, Math.BitIncrement(x), Math.BitDecrement(x) })
                .Where(x => low <= x && x <= high && double.IsFinite(x)).ToArray());
    }

    private static void AssertHolds(Interval interval, Tensor values, string what)
    {
        using var scope = NewDisposeScope();
        var numbers = values.to(ScalarType.Float64);
        var outside = numbers[(numbers < interval.Low).logical_or(numbers > interval.High)];
        Assert.True(outside.numel() == 0,
            outside.numel() == 0 ? "" : $"{what} is {outside[0].item<double>():R}, not in {interval}");
    }
}
