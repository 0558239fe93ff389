using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>A bijector read in its two directions, and its stages.</summary>
public sealed class DirectionTests : IDisposable
{
    private static readonly Shape s_image = Shape.Image(1, 4, 4);

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void EachDirectionHasItsNamesShapesAndDomains()
    {
        var f = new Sigmoid() >> new Patchify(s_image, 2);
        var (there, back) = Both(f, s_image);
        Assert.Equal(("Forward", "Inverse", "x", "OutputShape"),
            (there.Name, there.UndoName, there.PointName, there.DeclaredBy));
        Assert.Equal(
            ("Inverse", "Forward", "y", "InputShape"), (back.Name, back.UndoName, back.PointName, back.DeclaredBy));
        Assert.Equal((s_image, Shape.Of(4, 4), 3), (there.FromShape, there.OntoShape, there.OwnRank));
        Assert.Equal((Shape.Of(4, 4), s_image, 2), (back.FromShape, back.OntoShape, back.OwnRank));
        Assert.Equal((Domain.Real, Domain.Unit), (there.From, there.Onto));
        Assert.Equal((Domain.Unit, Domain.Real), (back.From, back.Onto));
        Assert.Equal((there.OntoShape, back.OntoShape), (there.Declare(there.FromShape), back.Declare(back.FromShape)));
    }

    [Fact]
    public void EachDirectionRunsItsMethods()
    {
        var (there, back) = Both(new Exp(), Shape.Vector(1));
        var x = tensor(new[,] { { 2.0 } });
        Assert.Equal(Math.Exp(2), there.Apply(x, null).item<double>(), 12);
        Assert.Equal(Math.Log(2), there.Undo(x, null).item<double>(), 12);
        Assert.Equal(Math.Log(2), back.Apply(x, null).item<double>(), 12);
        Assert.Equal(Math.Exp(2), back.Undo(x, null).item<double>(), 12);
        Assert.Equal(2, there.ApplyWithLogDet(x, null).LogDet.item<double>(), 12);
        Assert.Equal(-Math.Log(2), there.UndoWithLogDet(x, null).LogDet.item<double>(), 12);
        Assert.Equal(-Math.Log(2), back.ApplyWithLogDet(x, null).LogDet.item<double>(), 12);
        Assert.Equal(2, back.UndoWithLogDet(x, null).LogDet.item<double>(), 12);
    }

    [Fact]
    public void HalfOfThePointsAreFarWhereTheDomainAllows()
    {
        using var lawContext =
            new LawContext(new LawCase(_ => new Exp(), Shape.Vector(3), contextSize: 2), ScalarType.Float64);
        var (there, back) = Both(lawContext.Bijector, lawContext.Case.Shape);
        foreach (var direction in new[] { there, back })
        {
            var (near, far) = (direction.Sample(lawContext, 1, 8), direction.SampleFar(lawContext));
            Assert.Equal([8, 2], far.Context!.shape);
            Assert.True(far.X.Equals(near.X * tensor(new[] { 1.0, 2, 1, 2, 1, 2, 1, 2 }).unsqueeze(1)));
        }

        Assert.False(there.Sample(lawContext, 1, 8).Context!.Equals(back.Sample(lawContext, 1, 8).Context!));
        using var narrow = new LawContext(new LawCase(_ => new Logit(), Shape.Vector(3)), ScalarType.Float64);
        var unit = Both(narrow.Bijector, narrow.Case.Shape).There;
        var (drawn, doubled) = (unit.Sample(narrow, 1, 8).X, unit.SampleFar(narrow).X);
        Assert.True(doubled.Equals(where(drawn * tensor(new[] { 1.0, 2, 1, 2, 1, 2, 1, 2 }).unsqueeze(1) < 1,
            drawn * tensor(new[] { 1.0, 2, 1, 2, 1, 2, 1, 2 }).unsqueeze(1), drawn)));
        Assert.True(Domain.Unit.Contains(doubled).all().item<bool>());
    }

    [Fact]
    public void EdgesAreMetByAllEntriesAndByOne()
    {
        using var lawContext = new LawContext(new LawCase(_ => new Logit(), Shape.Vector(2)), ScalarType.Float64);
        var direction = Both(lawContext.Bijector, lawContext.Case.Shape).There;
        var edges = Domain.Unit.EdgePoints(ScalarType.Float64);
        var x = direction.AtEdges(lawContext).X;
        Assert.Equal(2, edges.Count);
        Assert.Equal([4, 2], x.shape);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal([edges[i], edges[i]], x[2 * i].data<double>().ToArray());
            Assert.Equal(edges[i], x[2 * i + 1, 0].item<double>());
            Assert.NotEqual(edges[i], x[2 * i + 1, 1].item<double>());
        }
    }

    [Fact]
    public void WhereNoNumberIsAtAnEdgeOfAllEntriesAnyPointIsTaken()
    {
        // Onto (0, 1) and below 0, moved about.
        using var lawContext = new LawContext(new LawCase(
            _ => new Reverse() >> new Bijectors.Parallel(new Logit(), new Negate() >> new Log(), Partition.Halves()),
            Shape.Vector(2)), ScalarType.Float64);
        var direction = Both(lawContext.Bijector, lawContext.Case.Shape).There;
        var x = direction.AtEdges(lawContext).X;
        Assert.Equal([1, 2], x.shape);
        Assert.True(lawContext.Bijector.Domain.Contains(x).all().item<bool>());
    }

    [Fact]
    public void WholeNumbersAreThoseOfTheDomain()
    {
        Assert.Equal([0, 0, 1, 1, -1, -1], Whole(new Exp()));
        Assert.Equal([1, 1], Whole(new Log()));
        Assert.Equal([0, 0], Whole(new Atanh()));
        Assert.Empty(Whole(new Logit()));

        static double[] Whole(Bijector f)
        {
            using var lawContext = new LawContext(new LawCase(_ => f, Shape.Vector(2)), ScalarType.Float64);
            var points = Both(f, lawContext.Case.Shape).There.Whole(lawContext);
            return points.Count == 0 ? [] : points.X.data<double>().ToArray();
        }
    }

    [Fact]
    public void ACompositionIsItsStages()
    {
        var (scale, exp, reverse) = (new Scale(2), new Exp(), new Reverse());
        var chain = scale >> exp >> reverse;
        Assert.Empty(Structure.Of(scale));
        Assert.Equal([(scale, false), (exp, false), (reverse, false)], Whole(Structure.Of(chain)));
        Assert.Equal([(reverse, true), (exp, true), (scale, true)], Whole(Structure.Of(chain, isInverse: true)));
        Assert.Equal([(chain, true)], Whole(Structure.Of(~chain)));
        Assert.Equal([(chain, false)], Whole(Structure.Of(~chain, isInverse: true)));
        Assert.False(Assert.Single(chain.Along(-2).Stages).IsWhole);

        static IEnumerable<(Bijector?, bool)> Whole(IReadOnlyList<Stage> stages) =>
            stages.Select(stage => (stage.Children[0], stage.IsInverse));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TheStagesOfADirectionMakeItsMap(int index)
    {
        var f = new Sinh() >> new Flatten(Shape.Of(2, 3))
            >> new PluLinear(6, new Generator(1)) >> ~(new Reverse() >> new Asinh());
        var direction = Direction.Both(f, Shape.Of(2, 3))[index];
        var stages = direction.Stages();
        var start = rand([5, .. direction.FromShape.ToArray()], ScalarType.Float64);
        f.to(ScalarType.Float64);
        var point = start;
        foreach (var stage in stages)
        {
            var layer = Direction.StartingAt(Shape.Of(point.shape.AsSpan()[1..]), stage.Children[0]!, stage.IsInverse);
            point = layer.Apply(point, null);
            Assert.Equal(Shape.Of(point.shape.AsSpan()[1..]), layer.OntoShape);
        }

        Assert.Equal(5, stages.Count);
        Assert.True(point.Equals(direction.Apply(start, null)));
    }

    private static (Direction There, Direction Back) Both(Bijector f, Shape shape)
    {
        var directions = Direction.Both(f, shape);
        return (directions[0], directions[1]);
    }
}
