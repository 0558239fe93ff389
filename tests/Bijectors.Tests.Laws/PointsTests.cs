using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

public sealed class PointsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void AreWrittenSoThatTheyCanBeTypedAgain()
    {
        Assert.Equal("[0.1, -2]", new Points(tensor(new[,] { { 0.1, -2 } }), null).ToString());
        Assert.Equal("[0.3333333333333333]", new Points(tensor(new[,] { { 1.0 / 3 } }), null).ToString());
        Assert.Equal("[0.1]; [1E-30]", new Points(tensor(new[,] { { 0.1f }, { 1e-30f } }), null).ToString());
        Assert.Equal("[1] in the context [2, 3]",
            new Points(tensor(new[,] { { 1.0 } }), tensor(new[,] { { 2.0, 3 } })).ToString());
        Assert.Equal(
            "[NaN, Infinity]", new Points(tensor(new[,] { { double.NaN, double.PositiveInfinity } }), null).ToString());
    }

    [Fact]
    public void OfLargeEventsAreCutShort()
    {
        Assert.EndsWith(", 0]", new Points(zeros(1, 64), null).ToString());
        Assert.EndsWith(", 0, ...]", new Points(zeros(1, 65), null).ToString());
        Assert.Equal(64, new Points(zeros(1, 65), null).ToString().Count(c => c == '0'));
        Assert.Equal(string.Empty, new Points(zeros(1, 0), null).ToString());
    }

    [Fact]
    public void AreSelectedWithTheirContexts()
    {
        var points = new Points(
            arange(4, ScalarType.Float64).unsqueeze(1), arange(10, 14, ScalarType.Float64).unsqueeze(1)).Select([3, 1]);
        Assert.Equal("[3]; [1] in the context [13]; [11]", points.ToString());
        Assert.Equal(2, points.Count);
        Assert.Null(new Points(zeros(2, 1), null).Select([0]).Context);
    }

    [Fact]
    public void ChangeTheirDtypeTogether()
    {
        var points = new Points(zeros(1, 1), zeros(1, 1)).To(ScalarType.Float64);
        Assert.Equal((ScalarType.Float64, ScalarType.Float64), (points.X.dtype, points.Context!.dtype));
        Assert.Null(new Points(zeros(1, 1), null).To(ScalarType.Float64).Context);
    }
}
