using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>
/// Tolerances follow from the conditioning of every step of a composition, not from that of the whole.
/// </summary>
public sealed class ConditioningTests
{
    [Fact]
    public void AnIllConditionedMiddleIsNotHeldAgainstAChain()
    {
        // The whole is a scale by 2; in its middle a float32 has lost three of its digits.
        BijectorLaws.Check(() => new Shift(300) >> new Scale(2) >> new Shift(-600), Shape.Vector(3));
        BijectorLaws.Check(() => (new Shift(300) >> new Scale(2) >> new Shift(-600)).Along(-2), Shape.Of(3, 2));
        BijectorLaws.Check(
            () => (new Reshape(Shape.Vector(4), Shape.Of(2, 2)) >> new Shift(300) >> new Scale(2) >> new Shift(-600)
                >> ~new Reshape(Shape.Vector(4), Shape.Of(2, 2))).Along(-1).On(Partition.Halves(-2)), Shape.Of(4, 4));
        BijectorLaws.Check(
            () => ~(new Shift(300) >> new Scale(2) >> new Shift(-600)).On(Partition.Halves()), Shape.Vector(4));
        BijectorLaws.Check(() => new FactorOut(Partition.Halves(), new Shift(300)
            >> new Scale(2) >> new Shift(-600), null, Shape.Of(2, 2)), Shape.Of(2, 2));
        BijectorLaws.Check(() => ~new FactorOut(Partition.Alternating(), new Flatten(Shape.Of(2, 2))
            >> new Softplus() >> ~new Softplus(), null, Shape.Of(2, 4)), Shape.Vector(8));
    }

    [Fact]
    public void NorDoesItExcuseAMistakeAtItsEnd()
    {
        var violation = Assert.Throws<LawViolationException>(() => BijectorLaws.Check(
            () => new Shift(300) >> new Scale(2) >> new Shift(-600) >> new Sketch { Slope = (f, _, _) => f.A + 1e-3 },
            Shape.Vector(3)));
        Assert.Equal(("LogDet", "layers.3 (Sketch)"), (violation.Law, violation.Culprit));
        violation = Assert.Throws<LawViolationException>(() => BijectorLaws.Check(
            () => new FactorOut(Partition.Halves(), new Shift(300) >> new Scale(2) >> new Shift(-600)
                >> new Sketch { Slope = (f, _, _) => f.A + 1e-3 }, null, Shape.Vector(6)),
            Shape.Vector(6)));
        Assert.Equal(("LogDet", "rest.layers.3 (Sketch)"), (violation.Law, violation.Culprit));
    }

    [Fact]
    public void ADeepChainIsHeldToSmallErrors()
    {
        // Sixty layers that keep lengths: what rounding explains grows with their number and no faster.
        var violation = Assert.Throws<LawViolationException>(
            () => BijectorLaws.All.Single(law => law.Name == "RoundTrip").Check(new LawCase(
                _ => Chain.Of([.. Enumerable.Repeat(0, 60).Select(_ => new Shift(0.1)),
                    new Sketch { Undo = (f, y, _) => (y - f.B) * (-f.A).exp() * (1 + 1e-11) }]),
                Shape.Vector(3))));
        Assert.Equal("layers.60 (Sketch)", violation.Culprit);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void ASplineRoundsAsItsKnotsDo(ScalarType dtype)
    {
        Func<int, Bijector>[] splines =
        [
            seed => new Coupling(
                new ResidualMlp(2, 2 * 11, hidden: 6, blockCount: 1, Random(seed)), Transformer.RationalQuadratic(4)),
            seed => new Autoregressive(
                new Made(4, 6, 1, Random(seed), options: new() { Outputs = 8 }), Transformer.RationalQuadratic(3)),
            seed => new Autoregressive(
                new Made(4, 6, 1, Random(seed), options: new() { Outputs = 14 }), Transformer.RationalQuadratic(5)),
        ];
        foreach (var make in splines)
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            using var lawContext = new LawContext(new LawCase(make, Shape.Vector(4)), dtype);
            foreach (var direction in Direction.Both(lawContext.Bijector, lawContext.Case.Shape))
            {
                // The knots go from -3 to 3: beside 0 their last digits are far more than those of x.
                var drawn = direction.SampleFar(lawContext, 64);
                var points = drawn with { X = 1e-3 * drawn.X };
                using var explained = new Conditioning(lawContext, direction, points);
                var back = direction.Undo(direction.Apply(points.X, null), null);
                var error = (back - points.X).abs().to(ScalarType.Float64);
                Assert.True((error > lawContext.Rounding * points.X.abs()).any().item<bool>());
                Assert.InRange((error / explained.OfReturn).max().item<double>(), 0, 0.1);
            }
        }

        static Generator Random(int seed) => new((ulong)seed);
    }
}
