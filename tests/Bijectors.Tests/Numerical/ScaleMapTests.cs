using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerical;

public sealed class ScaleMapTests : NumericalTest
{
    [Fact]
    public void Scales_are_what_their_formulas_say()
    {
        var raw = Random(20) * 3;
        AssertClose(raw, ScaleMap.Exponential.LogScale(raw), 0);
        AssertClose(3 * (raw / 3).tanh(), ScaleMap.Bounded(3).LogScale(raw), 1e-15);
        AssertClose((raw - 1).sigmoid().log(), ScaleMap.Sigmoid(-1).LogScale(raw), 1e-14);
        AssertClose(((raw + 2).sigmoid() + 0.3).log(), ScaleMap.Sigmoid(floor: 0.3).LogScale(raw), 1e-14);
        AssertClose((raw.exp().log1p() + 0.5).log(), ScaleMap.Softplus(0.5).LogScale(raw), 1e-14);
    }

    [Fact]
    public void Without_a_floor_the_sigmoid_does_not_vanish()
    {
        AssertClose(tensor([-1000.0]), ScaleMap.Sigmoid(0).LogScale(tensor([-1000.0])), 1e-15);
        Assert.Equal("sigmoid(0, 0)", ScaleMap.Sigmoid(0).ToString());
    }

    [Fact]
    public void Limits_are_positive_and_so_are_floors()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ScaleMap.Bounded(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScaleMap.Softplus(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScaleMap.Sigmoid(floor: -1e-3));
    }
}
