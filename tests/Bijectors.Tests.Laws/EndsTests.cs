using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>An end of the codomain may be met by rounding, and is not passed.</summary>
public sealed class EndsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 + 2.3e-16)]
    public void AnEndItselfIsInside(double y) => new Codomain().Accepts(() => Constant(y));

    [Theory]
    [InlineData(-1e-20)]
    [InlineData(1 + 1e-12)]
    [InlineData(double.NaN)]
    public void BehindItIsOutside(double y)
    {
        var violation = new Codomain().Rejects(() => Constant(y));
        Assert.Equal(new Mismatch("Forward(x)", "entries in (0, 1)", Points.Write(y)), violation.Mismatch);
    }

    [Fact]
    public void TheEntryOutsideIsTold() => Assert.Equal("-3", new Codomain().Rejects(() => new Sketch
    {
        Onto = Domain.Unit,
        Map = (_, x, _) => 0 * x + tensor([0.5, -3, 0.5], x.dtype),
        Undo = (_, y, _) => 0 * y,
    }).Mismatch.Got);

    private static Sketch Constant(double y) =>
        new() { Onto = Domain.Unit, Map = (_, x, _) => full_like(x, y), Undo = (_, y, _) => 0 * y };
}
