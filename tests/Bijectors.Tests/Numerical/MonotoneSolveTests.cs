using Bijectors.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerical;

public sealed class MonotoneSolveTests : NumericalTest
{
    private const double Infinity = double.PositiveInfinity;
    private readonly Bijector _whose = new Exp();

    public static TheoryData<string> Maps => [.. s_maps.Keys];

    private static readonly Dictionary<string,
        (Func<Tensor, Tensor> Map, double Low, double High, double[] Points)> s_maps = new()
        {
            ["cubic"] =
                (x => x + (0.3 * x * x * x), -Infinity, Infinity, [-1e60, -20, -0.3, 0, 1e-30, 4e-5, 1, 7, 1e90]),
            ["sinh"] = (x => x.sinh(), -Infinity, Infinity, [-600, -3, 0, 1e-200, 0.5, 2, 700]),
            ["identity plus logistic"] =
                (x => x + (5 * (3 * x).sigmoid()), -Infinity, Infinity, [-1e5, -1, -1e-3, 0, 0.2, 1e3]),
            ["log"] = (x => x.log(), 0, Infinity, [1e-300, 1e-10, 0.5, 1, 3, 1e200]),
            ["logit"] = (x => x.logit(), 0, 1, [1e-290, 1e-8, 0.25, 0.5, 0.75, 0.9999]),
            ["between"] = (x => (x - 2).log() - (3 - x).log(), 2, 3, [2.001, 2.5, 2.75, 2.999]),
            ["negative"] = (x => -(-x).log(), -Infinity, 0, [-1e200, -3, -1, -0.5, -1e-10]),
            ["below"] = (x => -(5 - x).log(), -Infinity, 5, [-1e20, -5, 0, 4, 4.99]),
            ["mixture of logistics"] = (x => (0.3 * (x + 2).sigmoid()) + (0.7 * (4 * (x - 1)).sigmoid()), -Infinity,
                Infinity, [-9, -2, 0, 1, 3]),
            ["steep and flat"] = (x => x.sign() * x.abs().pow(0.2), -Infinity, Infinity, [-32, -1e-9, 1e-20, 1, 1e30]),
        };

    [Theory]
    [MemberData(nameof(Maps))]
    public void It_solves_to_a_few_units_in_the_last_place(string name)
    {
        using var gradients = no_grad();
        var (map, low, high, points) = s_maps[name];
        var x = tensor(points);
        var calls = 0;
        var y = map(x);
        var back = MonotoneSolve.Solve(_whose, y, Counted, low, high);

        // The best there is: f jumps over y between neighbours of what was found, up to the rounding of f itself.
        var step = 4e-16 * back.abs() + 1e-307;
        var noise = 1e-15 * y.abs();
        Assert.True((map(back - step) <= y + noise).all().item<bool>());
        Assert.True((map(back + step) >= y - noise).all().item<bool>());
        Assert.InRange(calls, 5, 30);

        Tensor Counted(Tensor h)
        {
            calls++;
            return map(h);
        }
    }

    [Fact]
    public void It_solves_in_float32()
    {
        using var gradients = no_grad();
        var x = tensor([-3f, 0, 1e-20f, 0.5f, 2, 50]);
        var back = MonotoneSolve.Solve(_whose, x.sinh(), h => h.sinh(), -Infinity, Infinity);
        Assert.True(((x - back).abs() <= 5e-7f * x.abs()).all().item<bool>());
    }

    [Fact]
    public void Outside_the_range_there_is_no_number()
    {
        using var gradients = no_grad();
        Assert.All([-1e300, -3, -1, -1e-9, 1 + 1e-9, 2, Infinity, -Infinity, double.NaN], y =>
            Assert.True(double.IsNaN(
                MonotoneSolve.Solve(_whose, tensor(y), x => x.sigmoid(), -Infinity, Infinity).item<double>())));
        var mixed = MonotoneSolve.Solve(_whose, tensor([0.5, 2, double.NaN]), x => x.sigmoid(), -Infinity, Infinity);
        Assert.Equal([false, true, true], mixed.isnan().data<bool>().ToArray());
        Assert.InRange(mixed[0].item<double>(), -1e-15, 1e-15);
        Assert.True(MonotoneSolve.Solve(_whose, tensor([-5.0, 5]), x => x, -1, 1).isnan().all().item<bool>());
        Assert.True(
            MonotoneSolve.Solve(_whose, tensor([-5.0, 5]), x => x * double.NaN, -1, 1).isnan().all().item<bool>());
    }

    [Fact]
    public void It_comes_to_rest_where_the_map_never_meets_y_exactly()
    {
        using var gradients = no_grad();
        var y = 3 * Random(200);
        var calls = 0;
        var x = MonotoneSolve.Solve(_whose, y, Counted, -Infinity, Infinity);
        AssertClose(y, x + (5 * (3 * x).sigmoid()), 1e-14);
        Assert.InRange(calls, 5, 45);

        Tensor Counted(Tensor h)
        {
            calls++;
            return h + (5 * (3 * h).sigmoid());
        }
    }

    [Fact]
    public void A_zero_of_the_map_may_be_where_it_rounds_to_zero()
    {
        using var gradients = no_grad();
        var x = MonotoneSolve.Solve(_whose, tensor(0.0), x => x.exp(), -Infinity, Infinity).item<double>();
        Assert.InRange(x, double.MinValue, -745);
    }

    [Theory]
    [InlineData(2, 6, 2.55, 5.45, new[] { 2.56, 2.6, 2.7, 3, 4, 5, 5.3, 5.4, 5.44 })]
    [InlineData(1000, Infinity, 1000.5, 1e10, new[] { 1000.51, 1000.55, 1000.6, 1000.7, 1002, 2000 })]
    [InlineData(-Infinity, 5, -1e10, 4.5, new[] { -2000, -1, 4, 4.3, 4.4, 4.45, 4.49 })]
    [InlineData(-Infinity, Infinity, -1e10, 1e10, new[] { -1e9, -1, 0, 1, 1e9 })]
    public void Where_the_map_is_not_a_number_the_zero_is_towards_the_middle(
        double low, double high, double from, double to, double[] points)
    {
        using var gradients = no_grad();
        var x = tensor(points);
        Tensor Map(Tensor h) => where((h < from) | (h > to), double.NaN, h * h * h);
        AssertClose(x, MonotoneSolve.Solve(_whose, Map(x), Map, low, high), 1e-14);
    }

    [Fact]
    public void A_map_that_gives_more_elements_than_it_takes_is_refused()
    {
        Assert.Throws<ShapeException>(
            () => MonotoneSolve.Solve(_whose, tensor(1.0), x => x + zeros(3), -Infinity, Infinity));
    }

    [Fact]
    public void A_constant_map_has_no_slope()
    {
        Assert.Equal(double.NegativeInfinity, MonotoneSolve.LogSlope(x => ones_like(x), tensor(1.0)).item<double>());
        using var gradients = no_grad();
        Assert.Equal(double.NegativeInfinity, MonotoneSolve.LogSlope(x => ones_like(x), tensor(1.0)).item<double>());
    }

    [Fact]
    public void Gradients_are_those_of_the_inverse()
    {
        var scale = tensor([0.5, 1, 2]).requires_grad_();
        var y = Random(4, 3).requires_grad_();
        var weights = Random(4, 3);
        var expected = GradientsOf(() => y.asinh() / scale, weights, y, scale);
        var actual = GradientsOf(
            () => MonotoneSolve.Solve(_whose, y, x => (scale * x).sinh(), -Infinity, Infinity), weights, y, scale);
        AssertClose(expected[0], actual[0], 1e-12);
        AssertClose(expected[1], actual[1], 1e-12);
    }

    [Fact]
    public void The_log_slope_is_that_of_autograd_and_has_gradients()
    {
        var scale = tensor([0.5, 1, 2]).requires_grad_();
        var x = Random(4, 3).requires_grad_();
        var weights = Random(4, 3);
        var expected = GradientsOf(() => scale.log() + Elementwise.LogCosh(scale * x), weights, x, scale);
        var actual = GradientsOf(() => MonotoneSolve.LogSlope(h => (scale * h).sinh(), x), weights, x, scale);
        AssertClose(expected[0], actual[0], 1e-12);
        AssertClose(expected[1], actual[1], 1e-12);
        using var gradients = no_grad();
        AssertClose(
            scale.log() + Elementwise.LogCosh(scale * x), MonotoneSolve.LogSlope(h => (scale * h).sinh(), x), 1e-14);
        Assert.False(MonotoneSolve.LogSlope(h => (scale * h).sinh(), x).requires_grad);
    }

    [Fact]
    public void No_tensor_survives()
    {
        var y = Random(4, 3);
        Assert.Equal(0, Survivors(() => MonotoneSolve.Solve(_whose, y, Sinh, -Infinity, Infinity).Dispose()));
        Assert.Equal(0, Survivors(() => MonotoneSolve.LogSlope(Sinh, y).Dispose()));
        using var gradients = no_grad();
        Assert.Equal(0, Survivors(() => MonotoneSolve.LogSlope(Sinh, y).Dispose()));

        static Tensor Sinh(Tensor x) => x.sinh();
    }
}
