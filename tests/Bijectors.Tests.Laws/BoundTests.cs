using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>The bounds on rounding, against what they are on paper.</summary>
public sealed class BoundTests : IDisposable
{
    // Four roundings of a float64, for a bijector with nothing inside.
    private const double R = 4 * 2.220446049250313e-16;

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void RoundingsAreCountedByModules()
    {
        using var lawContext = new LawContext(new LawCase(_ => new Exp()), ScalarType.Float64);
        Assert.Equal(R, lawContext.RoundingOf(new Exp(), ScalarType.Float64));
        Assert.Equal(4 * Math.Pow(2, -23), lawContext.RoundingOf(new Exp(), ScalarType.Float32));
        using var chain = new Exp() >> new Scale(2);
        Assert.Equal(4 * R, lawContext.RoundingOf(chain, ScalarType.Float64));
        using var many = new LawContext(new LawCase(_ => new Exp(), roundings: 100), ScalarType.Float64);
        Assert.Equal(25 * R, many.RoundingOf(new Exp(), ScalarType.Float64));
    }

    [Fact]
    public void OfAScale()
    {
        var (at, x) = At(() => new Scale(-2));
        Same(x * -2, at.Exact);
        Same(2 * Math.Log(2) + 0 * x.sum(-1), at.LogAbsDet);
        Same(4 * R * x.abs(), at.OfMap);
        Same(4 * R * x.abs(), at.OfReturn);
        Same(R * (2 * Math.Log(2) + 2) + 0 * x.sum(-1), at.OfLogDet);
    }

    [Fact]
    public void OfAnExponential()
    {
        var (at, x) = At(() => new Exp());
        var y = x.exp();
        Same(y, at.Exact);
        Same(x.sum(-1), at.LogAbsDet);
        Same(R * y * (1 + x.abs()), at.OfMap);
        Same(R * (2 + 2 * x.abs()), at.OfReturn);
        Same(R * (x.sum(-1).abs() + x.abs().sum(-1) + 2 + 2), at.OfLogDet);
    }

    [Fact]
    public void OfALogarithmAsTheInverse()
    {
        var (at, y) = At(() => new Exp(), index: 1);
        Same(y.log(), at.Exact);
        Same(-y.log().sum(-1), at.LogAbsDet);
        Same(R * (y.log().abs() + 1), at.OfMap);
        Same(R * (y * (2 * y.log().abs() + 1) + y), at.OfReturn);
    }

    [Fact]
    public void OfTwoSteps()
    {
        var (at, x) = At(() => new Scale(3) >> new Exp());
        var (u, y) = (3 * x, (3 * x).exp());
        var first = R * 6 * x.abs();
        var map = y * first + R * y * (1 + u.abs());
        var between = (map + R * y) / y + R * u.abs();
        Same(map, at.OfMap);
        Same((between + R * u.abs()) / 3 + R * x.abs(), at.OfReturn);
        var oracle = 2 * 4 * R;
        Same(R * (2 * Math.Log(3) + 2) + first.sum(-1) + R * (u.sum(-1).abs() + u.abs().sum(-1) + 2 + 2) + oracle,
            at.OfLogDet);
    }

    [Fact]
    public void OfEachVectorAlongAnAxis()
    {
        // Every column by itself; the order of the entries is kept.
        var (at, x) = At(() => (new Scale(3) >> new Exp()).Along(-2), shape: Shape.Of(2, 3));
        var (u, y) = (3 * x, (3 * x).exp());
        var map = y * R * 6 * x.abs() + R * y * (1 + u.abs());
        Same(map, at.OfMap);
        Same(((map + R * y) / y + 2 * R * u.abs()) / 3 + R * x.abs(), at.OfReturn);
    }

    [Fact]
    public void OfEachVectorAlongAnAxisWithTheContextOfItsPoint()
    {
        var shape = Shape.Of(2, 3);
        using var lawContext =
            new LawContext(new LawCase(_ => new Moved().Along(-2), shape, contextSize: 2), ScalarType.Float64);
        var direction = Direction.Both(lawContext.Bijector, shape)[0];
        var points = lawContext.PointsOf(direction);
        var c = points.Context!.unsqueeze(-1).expand_as(points.X);
        Same(R * ((points.X + c).abs() + points.X.abs() + c.abs()), lawContext.Conditioning(direction, points).OfMap);
    }

    [Fact]
    public void OfTheLogDetsOfParts()
    {
        var (at, x) = At(() => new Exp().On(Partition.First(1)));
        var ofExp = R * (2 * x.abs().select(1, 0) + 2);
        Same(ofExp + 2 * 2 * R, at.OfLogDet);
        (at, x) = At(() => new Parallel(new Exp(), new Scale(-2), Partition.First(1)));
        Same(ofExp + R * (Math.Log(2) + 1) + 2 * 3 * R, at.OfLogDet);
    }

    [Fact]
    public void OfWhatComesAfterParts()
    {
        var (at, x) = At(() => new Parallel(new Exp(), new Scale(-2), Partition.First(1)) >> new Scale(3));
        var y = cat([x.exp(), -2 * x], 1).index_select(1, tensor([0L, 3]));
        var first = cat([R * x.exp() * (1 + x.abs()), 4 * R * x.abs()], 1).index_select(1, tensor([0L, 3]));
        Same(3 * first + 6 * R * y.abs(), at.OfMap);
    }

    [Theory]
    [InlineData(ScalarType.Float64, -1022)]
    [InlineData(ScalarType.Float32, -126)]
    public void AtZeroWhatUnderflows(ScalarType dtype, int exponent)
    {
        using var lawContext = new LawContext(new LawCase(_ => new Scale(2), Shape.Vector(1)), dtype);
        Assert.Equal(Math.Pow(2, exponent), lawContext.Conditioning(
            Direction.Both(lawContext.Bijector, Shape.Vector(1))[0], new(zeros(1, 1, dtype), null)).OfMap
                .item<double>());
    }

    [Fact]
    public void OfPartsSideBySide()
    {
        // What passes unchanged is exact.
        var (at, x) = At(() => new Exp().On(Partition.First(1)));
        Same(cat([R * x.exp() * (1 + x.abs()), zeros_like(x)], 1).index_select(1, tensor([0L, 3])), at.OfMap);
        Same(cat([R * (2 + 2 * x.abs()), zeros_like(x)], 1).index_select(1, tensor([0L, 3])), at.OfReturn);
        (at, x) = At(() => new Parallel(new Exp(), new Scale(-2), Partition.First(1)));
        Same(cat([R * x.exp() * (1 + x.abs()), 4 * R * x.abs()], 1).index_select(1, tensor([0L, 3])), at.OfMap);
    }

    [Fact]
    public void OfAContext()
    {
        // y = x + c for each entry: the context's own error comes on top.
        using var lawContext =
            new LawContext(new LawCase(_ => new Moved(), Shape.Vector(2), contextSize: 2), ScalarType.Float64);
        var direction = Direction.Both(lawContext.Bijector, lawContext.Case.Shape)[0];
        var points = lawContext.PointsOf(direction);
        var at = lawContext.Conditioning(direction, points);
        Same(R * ((points.X + points.Context!).abs() + points.X.abs() + points.Context!.abs()), at.OfMap);
    }

    [Fact]
    public void WithoutAnInverseTheWayBackIsAsked()
    {
        // Flat at 0: the Jacobian there is singular, the bounds of the way back are infinite.
        using var lawContext = new LawContext(new LawCase(_ => new Tanh(), Shape.Vector(2)), ScalarType.Float64);
        var direction = Direction.Both(lawContext.Bijector, lawContext.Case.Shape)[0];
        var at = lawContext.Conditioning(direction, new(tensor(new[,] { { 0.5, 400 } }), null));
        Assert.Equal(double.NegativeInfinity, at.LogAbsDet.item<double>());
        Assert.Equal(double.PositiveInfinity, at.OfReturn[0, 1].item<double>());
        Assert.True(double.IsFinite(at.OfMap[0, 1].item<double>()));
    }

    [Fact]
    public void ThoseOfSharedPointsAreKept()
    {
        using var lawContext = new LawContext(new LawCase(_ => new Exp(), Shape.Vector(2)), ScalarType.Float64);
        var directions = Direction.Both(lawContext.Bijector, lawContext.Case.Shape);
        var points = lawContext.PointsOf(directions[0]);
        Assert.Same(points, lawContext.PointsOf(Direction.Both(lawContext.Bijector, lawContext.Case.Shape)[0]));
        Assert.NotSame(points, lawContext.PointsOf(directions[1]));
        Assert.Same(lawContext.Conditioning(directions[0], points), lawContext.Conditioning(directions[0], points));
        Assert.NotSame(lawContext.Conditioning(directions[0], points), lawContext.Conditioning(directions[1], points));
        var others = points with { X = points.X.clone() };
        Assert.NotSame(lawContext.Conditioning(directions[0], others), lawContext.Conditioning(directions[0], others));
    }

    [Fact]
    public void ThoseThatAreKeptAreDisposedWithTheLawContext()
    {
        var lawContext =
            new LawContext(new LawCase(_ => new Exp(), Shape.Vector(2), contextSize: 2), ScalarType.Float64);
        var direction = Direction.Both(lawContext.Bijector, lawContext.Case.Shape)[0];
        var points = lawContext.PointsOf(direction);
        var at = lawContext.Conditioning(direction, points);
        lawContext.Dispose();
        Assert.All([points.X, points.Context!, at.Exact, at.LogAbsDet, at.OfMap, at.OfReturn, at.OfLogDet],
            tensor => Assert.True(tensor.IsInvalid));
    }

    private (Conditioning At, Tensor X) At(Func<Bijector> make, int index = 0, Shape? shape = null)
    {
        var lawContext = new LawContext(new LawCase(_ => make(), shape ?? Shape.Vector(2)), ScalarType.Float64);
        var on = Direction.Both(lawContext.Bijector, lawContext.Case.Shape)[index];
        var points = lawContext.PointsOf(on);
        return (lawContext.Conditioning(on, points), points.X);
    }

    private static void Same(Tensor expected, Tensor got)
    {
        Assert.Equal(expected.shape, got.shape);
        Assert.True((expected - got).abs().le(1e-12 * expected.abs() + 1e-300).all().item<bool>(),
            $"{Points.Write(expected.max().item<double>())} {Points.Write(got.max().item<double>())}");
    }

    private sealed class Moved : Crooked.Moving
    {
        protected override Shape OutputShapeCore(Shape input) => input;

        protected override Shape InputShapeCore(Shape output) => output;

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => x + At(x, context!);

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) => y - At(y, context!);

        // Along an axis there are more points than contexts.
        private static Tensor At(Tensor x, Tensor context) => x.dim() > context.dim() ? context.unsqueeze(-2) : context;
    }
}
