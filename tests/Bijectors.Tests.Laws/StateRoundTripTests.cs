using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>The bijector that loads a state dictionary is compared with the one that saved it.</summary>
public sealed class StateRoundTripTests
{
    [Theory]
    [InlineData(true, "ForwardWithLogDet(x) of the loaded bijector")]
    [InlineData(false, "ForwardWithLogDet(x).LogDet of the loaded bijector")]
    public void ValuesAndLogDetsAreCompared(bool value, string told)
    {
        var made = 0;
        var violation = new StateRoundTrip().Rejects(() =>
        {
            var off = made++;
            return new Sketch { Map = (f, x, _) => x * f.A.exp() + f.B + (value ? off : 0),
                Slope = (f, _, _) => f.A + off };
        });
        Assert.Equal(told, violation.Where());
    }

    [Fact]
    public void AFactoryMayMakeAnotherDtype() => new StateRoundTrip().Accepts(() =>
    {
        var f = new Sketch();
        f.to(ScalarType.Float64);
        return f;
    });
}
