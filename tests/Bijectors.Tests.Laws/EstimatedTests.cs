using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>What is estimated, or found to a tolerance, is held to what it states, whichever the seed.</summary>
public sealed class EstimatedTests
{
    private static readonly (string Name, int Seeds)[] s_entries =
        [("ResidualLayer, estimated", 2), ("MaskedAutoregressive, in sweeps", 10)];

    public static IEnumerable<object[]> Seeds =>
        s_entries.SelectMany(one => Enumerable.Range(0, one.Seeds).Select(seed => new object[] { one.Name, seed }));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AnEntryKeepsTheLawsWithEverySeed(string name, int seed)
    {
        var entry = Catalogue.All.Single(entry => entry.Name == name);
        BijectorLaws.Check(new LawCase(entry.Make, entry.Shape, entry.ContextSize, seed));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TheEstimateThatMutantsAreMadeFromKeepsEveryLaw(int seed) =>
        BijectorLaws.Check(new LawCase(_ => new Estimating(), Shape.Vector(3), seed: seed));

    [Fact]
    public void AnEstimateOfOneEntryMakesADensity() => BijectorLaws.Check(() => Estimate(1, 3), Shape.Vector(1));

    [Fact]
    public void EachColumnHasItsNoise() => BijectorLaws.Check(() => Estimate(3, 4).Along(-2), Shape.Of(3, 2));

    [Fact]
    public void LayersThatShareTheirNoiseKeepTheLawsTogether()
    {
        BijectorLaws.Check(
            () =>
            {
                var noise = new LogDetEstimator(new Generator(5));
                return new ResidualLayer(new LipschitzMlp(3, 6, 1, new Generator(2)), noise) >> new Reverse()
                    >> new ResidualLayer(new LipschitzMlp(3, 6, 1, new Generator(3)), noise);
            },
            Shape.Vector(3));
    }

    [Fact]
    public void AnInverseOffByLessThanItStatesIsRight() => BijectorLaws.Check(() => new Sketch
    {
        Undo = (f, y, _) => ((y - f.B) * (-f.A).exp()) + 0.9e-4,
        States = 1e-4,
    });

    [Fact]
    public void ALawLeavesTheGeneratorsWhereTheyWere()
    {
        using var noise = new Generator(5);
        using var before = noise.get_state();
        BijectorLaws.All.Single(law => law.Name == "LogDet").Check(new LawCase(
            _ => new ResidualLayer(new LipschitzMlp(3, 6, 1, new Generator(2)), new LogDetEstimator(noise)),
            Shape.Vector(3)));
        using var after = noise.get_state();
        Assert.True(before.Equals(after));
    }

    private static ResidualLayer Estimate(long size, ulong seed) =>
        new(new LipschitzMlp(size, 6, 1, new Generator(2)), new LogDetEstimator(new Generator(seed)));
}
