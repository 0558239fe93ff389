using Bijectors;
using Bijectors.Testing;
using TorchSharp;
using Xunit;

/// <summary>Ten mistakes, each in the middle of a flow. The laws find every one and name the layer.</summary>
public sealed class BrokenLayerTests
{
    private const long Size = 4;

    public static TheoryData<Type, string> Broken => new()
    {
        { typeof(ForgotATerm), "LogDet" },
        { typeof(WrongSignBothWays), "LogDet" },
        { typeof(WrongOrder), "RoundTrip" },
        { typeof(OtherBranch), "RoundTrip" },
        { typeof(NotOnto), "Codomain" },
        { typeof(SumsTheBatch), "LogDet" },
        { typeof(DetachesAParameter), "Gradients" },
        { typeof(DropsOut), "Deterministic" },
        { typeof(ForgetsItsOrder), "StateRoundTrip" },
        { typeof(KeepsACache), "NoTensorSurvives" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void IsFoundAndNamed(Type layer, string law)
    {
        var violation =
            Assert.Throws<LawViolationException>(() => BijectorLaws.Check(() => Flow(layer), Shape.Vector(Size)));
        Assert.Equal(law, violation.Law);
        Assert.Equal($"layers.2 ({layer.Name})", violation.Culprit);
    }

    private static Bijector Flow(Type layer)
    {
        using var chance = new torch.Generator(1);
        var broken = (Bijector)Activator.CreateInstance(layer, Size)!;
        return new ActNorm(Shape.Vector(Size)) >> new PluLinear(Size, chance) >> broken >> new Reverse();
    }
}
