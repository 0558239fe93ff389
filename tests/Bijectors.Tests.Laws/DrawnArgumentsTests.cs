using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>Further arguments of a marked method are drawn as its parameters ask for them.</summary>
public sealed class DrawnArgumentsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void OnlyTensorsTakeTurns()
    {
        Assert.Equal(3, DrawnArguments.Turns(Marked(Two)));
        Assert.Equal(3, DrawnArguments.Turns(Marked(Numbers)));
        Assert.Equal(1, DrawnArguments.Turns(Marked(Number)));
        Assert.Equal(1, DrawnArguments.Turns(Marked(Given)));
        Assert.Equal(1, DrawnArguments.Turns(Marked(MarkedFunctions.Stretch)));
    }

    [Theory]
    [InlineData(0, "()", "(3)")]
    [InlineData(1, "(3)", "(2, 3)")]
    [InlineData(2, "(2, 3)", "()")]
    public void AtEachTurnTensorsHaveOtherDimensions(int turn, string first, string second)
    {
        var drawn = DrawnArguments.Of(Marked(Two), PrimitiveMap.Event, new Generator(1), turn);
        Assert.Equal([first, second], drawn.Select(argument => $"({string.Join(", ", ((Tensor)argument!).shape)})"));
        Assert.All(drawn, argument => Assert.True(((Tensor)argument!).requires_grad));
    }

    [Fact]
    public void ADefaultIsKept()
    {
        var drawn = DrawnArguments.Of(Marked(Given), PrimitiveMap.Event, new Generator(1), 0);
        Assert.Equal([null, 2], drawn);
    }

    [Fact]
    public void NumbersAreOfTheirTypeAndWholeOnesNeverZero()
    {
        for (var seed = 0UL; seed < 40; seed++)
        {
            var drawn = DrawnArguments.Of(Marked(Numbers), PrimitiveMap.Event, new Generator(seed), 0);
            Assert.Equal([typeof(int), typeof(long), typeof(double), typeof(float)],
                drawn.Take(4).Select(number => number!.GetType()));
            Assert.NotEqual(0, (int)drawn[0]!);
            Assert.NotEqual(0, (long)drawn[1]!);
            Assert.NotEqual(Math.Round((double)drawn[2]!), drawn[2]);
            Assert.NotEqual(Math.Round((float)drawn[3]!), (float)drawn[3]!);
        }
    }

    [Fact]
    public void PositiveOnesArePositiveAndNoneIsSmallWhereZeroIsExcluded()
    {
        var drawn = Enumerable.Range(0, 60)
            .Select(seed => DrawnArguments.Of(Marked(Signs), PrimitiveMap.Event, new Generator((ulong)seed), 0))
            .ToList();
        var (positive, nonZero, any) = (Values(0), Values(1), Values(2));
        Assert.All(positive, value => Assert.InRange(value, Math.Exp(-1), 20));
        Assert.InRange(positive.Min(), 0.36, 0.5);
        Assert.All(nonZero, value => Assert.InRange(Math.Abs(value), Math.Exp(-1), 20));
        Assert.InRange(nonZero.Min(Math.Abs), 0.36, 0.5);
        Assert.True(nonZero.Min() < 0 && nonZero.Max() > 0);
        Assert.True(any.Min() < 0 && any.Max() > 0 && any.Min(Math.Abs) < 0.2);

        List<double> Values(int argument) => [.. drawn.Select(arguments => (double)arguments[argument]!)];
    }

    private static MarkedMethod Marked(Delegate method) => MarkedMethod.Of(method.Method, method.Target);

    [Primitive(nameof(Two), nameof(Two))]
    private static Tensor Two(Tensor x, Tensor a, Tensor b) => x + a + b;

    [Primitive(nameof(Number), nameof(Number))]
    private static Tensor Number(Tensor x, double a) => x + a;

    [Primitive(nameof(Given), nameof(Given))]
    private static Tensor Given(Tensor x, Tensor? a = null, int b = 2) => a is null ? b * x : x + a;

    [Primitive(nameof(Numbers), nameof(Numbers))]
    private static Tensor Numbers(Tensor x, int a, long b, double c, float d, Tensor e) => x * a * b * c * d * e;

    [Primitive(nameof(Signs), nameof(Signs))]
    private static Tensor Signs(Tensor x, [Positive] double a, [NonZero] double b, double c) => x * a * b * c;
}
