using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerical;

public sealed class BracketTests : NumericalTest
{
    // Where the inverse is quadratic, x = 1.2 + f/10 + f^2/100, inverse quadratic interpolation is exact.
    private static readonly (double X, double Value)[] s_quadratic = [(1.59, 3), (1.11, -1), (1.44, 2)];

    [Fact]
    public void Three_points_are_interpolated_by_the_inverse_quadratic() =>
        Assert.Equal(1.2, After(s_quadratic).Next().item<double>(), 1e-15);

    [Theory]
    [InlineData(1.45, 1)]
    [InlineData(1.15, 2.6)]
    public void Where_interpolation_is_not_safe_the_middle_is_taken(double x, double value) =>
        Assert.Equal((x + 1) / 2, After((1.5, 3), (1, -1), (x, value)).Next().item<double>(), 1e-15);

    [Fact]
    public void A_zero_at_an_end_is_looked_for_one_digit_inside()
    {
        var newest = 1.125 - After((1.5, 3), (1, -1), (1.125, 1e-30)).Next().item<double>();
        Assert.InRange(newest, 1e-16, 5e-16);
        var other = After((1.5, 3), (1, -1e-30), (1.3, 2)).Next().item<double>() - 1;
        Assert.InRange(other, 1e-16, 8e-16);
    }

    [Fact]
    public void After_many_steps_it_only_bisects()
    {
        Assert.Equal(1.2, After([.. Idle(56), .. s_quadratic]).Next().item<double>(), 1e-15);
        Assert.Equal(1.275, After([.. Idle(57), .. s_quadratic]).Next().item<double>(), 1e-15);
    }

    [Fact]
    public void It_gives_up_in_the_end()
    {
        Assert.False(After(Idle(199)).IsTight);
        Assert.True(After(Idle(200)).IsTight);
    }

    [Fact]
    public void It_is_tight_where_the_function_vanishes_at_an_end_of_the_same_size()
    {
        Assert.True(After((1, -1), (1.5, 0)).IsTight);
        Assert.True(After((1.5, 0), (1, -1)).IsTight);
        Assert.False(After((1, -1), (1.5, 2)).IsTight);
        Assert.False(After((1, -1), (5, 0)).IsTight);
    }

    private static Bracket After(params (double X, double Value)[] seen)
    {
        var bracket = new Bracket(zeros([], ScalarType.Float64), double.NegativeInfinity, double.PositiveInfinity);
        foreach (var (x, value) in seen)
        {
            bracket.Narrow(tensor(x), tensor(value));
        }

        return bracket;
    }

    /// <summary>Steps that bring nothing: the same two ends again and again.</summary>
    private static (double X, double Value)[] Idle(int count) =>
        [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? (1.11, -1.0) : (1.59, 3))];
}
