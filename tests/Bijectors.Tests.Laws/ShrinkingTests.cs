using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>A counterexample becomes the smallest that shows the same.</summary>
public sealed class ShrinkingTests : IDisposable
{
    private static readonly Mismatch s_wrong = new("it, entry 3", "right", "wrong");

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void TheNearestPointIsLeft()
    {
        var least = Least([[9, 9], [1, 1.2345], [-5, 5]], x => true);
        Assert.Equal([0, 0], least);
    }

    [Fact]
    public void PointsThatAreNeededTogetherStayTogether()
    {
        var points =
            new Points(tensor(new[,] { { 3.3 }, { 1.1 }, { 2.2 } }), tensor(new[,] { { 30.0 }, { 10.0 }, { 20.0 } }));
        var (least, mismatch) = Shrinking.Least(
            points, s_wrong, Domain.Real,
            p => p.Count >= 2 && p.X[-1].item<double>() >= 2 ? s_wrong with { Got = $"{p.Count}" } : null);
        Assert.Equal([0, 2], Numbers(least.X));
        Assert.Equal([10.0, 20], Numbers(least.Context!));
        Assert.Equal("2", mismatch.Got);
    }

    [Theory]
    [InlineData(1.2345, 0.001, 1)]
    [InlineData(1.2345, 1.1, 1.2)]
    [InlineData(1.2345, 1.21, 1.23)]
    [InlineData(1.6789, 1.3, 2)]
    [InlineData(1.4789, 1.3, 1.5)]
    [InlineData(-1.6789, -1.9, 0)]
    [InlineData(3.6789, 2, 4)]
    [InlineData(1.23456, 1.2345, 1.23456)]
    [InlineData(0.5, 0.001, 1)]
    [InlineData(0.2, 0.001, 0.2)]
    public void AnEntryBecomesTheSimplestNumberAboveTheMistake(double value, double from, double expected) =>
        Assert.Equal([expected], Least([[value]], x => x.item<double>() >= from));

    [Fact]
    public void EachEntryIsSimplifiedByItself() => Assert.Equal(
        [1, 0, 2], Least([[1.3, 1.4, 2.2]], x => x[0, 0].item<double>() >= 1 && x[0, 2].item<double>() >= 1.7));

    [Fact]
    public void EntriesStayInsideTheDomain() => Assert.Equal([1], Least([[1.2345]], _ => true, Domain.Positive));

    [Fact]
    public void AnotherMistakeIsNotTheOneToShrink()
    {
        var (least, mismatch) = Shrinking.Least(
            new(tensor(new[,] { { 1.26 } }), null), s_wrong, Domain.Real,
            p => p.X.item<double>() is var x && x > 1.2
                ? s_wrong with { What = "it, entry 7" }
                : x > 0.5 ? s_wrong with { What = "another" } : throw new InvalidOperationException());
        Assert.Equal([1.5], Numbers(least.X));
        Assert.Equal("it, entry 7", mismatch.What);
    }

    [Fact]
    public void ItEnds()
    {
        var tests = 0;
        Least([.. Enumerable.Range(0, 400).Select(i => new[] { i + 0.12345 })], _ => ++tests > 0);
        Assert.InRange(tests, 100, 300);
    }

    [Fact]
    public void ThePointsGivenAreLeftAlone()
    {
        var given = tensor(new[,] { { 1.2345, 5.4321 } });
        Shrinking.Least(new(given, null), s_wrong, Domain.Real, _ => s_wrong);
        Assert.Equal([1.2345, 5.4321], Numbers(given));
    }

    private static double[] Least(double[][] points, Func<Tensor, bool> wrong, Domain? domain = null)
    {
        var x = stack(points.Select(point => tensor(point)));
        var (least, _) =
            Shrinking.Least(new(x, null), s_wrong, domain ?? Domain.Real, p => wrong(p.X) ? s_wrong : null);
        return Numbers(least.X);
    }

    private static double[] Numbers(Tensor x) => x.flatten().data<double>().ToArray();
}
