using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>Where rounding explains everything, the law says that it has nothing to say.</summary>
public sealed class RoundTripTests
{
    private static readonly Law s_law = BijectorLaws.All.Single(law => law.Name == "RoundTrip");

    [Fact]
    public void AMapTooFlatToJudgeIsReported()
    {
        // The slopes are 1e-16 and 1: nothing is left of the first entries.
        var violation =
            Assert.Throws<LawViolationException>(() => s_law.Check(new LawCase(_ => Flat(1e-16, 1e-16, 1e-16))));
        Assert.Contains("the conditioning of Forward at the points of the test", violation.Message);
        Assert.Contains("one at 0", violation.Message);
    }

    [Fact]
    public void AQuarterOfTheEntriesIsEnough() => s_law.Check(new LawCase(_ => Flat(1e-16, 1e-16, 1)));

    [Fact]
    public void InFloat32ItMayHaveNothingToSay() => s_law.Check(new LawCase(_ => Flat(1e-7, 1e-7, 1e-7)));

    [Fact]
    public void ExactlyAQuarterIsEnough() => s_law.Accepts(() => new Sketch
    {
        Sizes = s => s,
        Map = (_, x, _) => x * Of(x, [1e-16, 1e-16, 1e-16, 1]) + 1,
        Undo = (_, y, _) => (y - 1) / Of(y, [1e-16, 1e-16, 1e-16, 1]),
        Slope = (_, x, _) => Of(x, [1e-16, 1e-16, 1e-16, 1]).log(),
        UndoSlope = (_, y, _) => -Of(y, [1e-16, 1e-16, 1e-16, 1]).log(),
    }, Shape.Vector(4));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void ASlopeThatAutomaticDifferentiationDoesNotSeeIsSeenBesideTheWholeNumber(int seed) =>
        s_law.Check(new LawCase(_ => new Sketch
        {
            Map = (f, x, _) => (x * f.A.exp() + f.B).sign() * (x * f.A.exp() + f.B).abs().log1p(),
            Undo = (f, y, _) => (y.sign() * y.abs().expm1() - f.B) * (-f.A).exp(),
            Slope = (f, x, _) => f.A - (x * f.A.exp() + f.B).abs().log1p(),
            UndoSlope = (f, y, _) => y.abs() - f.A,
        }, Shape.Vector(3), seed: seed));

    [Fact]
    public void FarFromZeroItIsTheDigitsThatCount()
    {
        // Rounding is worth a thousandth out there: nothing to be told from a part of x, much beside 1 / x.
        s_law.Accepts(() => Beyond(0));
        Assert.Equal("Inverse(Forward(x))", s_law.Rejects(() => Beyond(1)).Where());

        static Sketch Beyond(double off) => new()
        {
            From = Domain.Interval(1e12, double.PositiveInfinity),
            Onto = Domain.Interval(1e12, double.PositiveInfinity),
            Map = (_, x, _) => x.clone(),
            Undo = (_, y, _) => y + off,
            Slope = (_, x, _) => zeros_like(x),
            UndoSlope = (_, y, _) => zeros_like(y),
        };
    }

    /// <summary>Loses the digits of x behind those of 1 in the entries with a small slope.</summary>
    private static Sketch Flat(params double[] slopes) => new()
    {
        Map = (f, x, _) => x * Of(x, slopes) * f.A.exp() + 1 + f.B,
        Undo = (f, y, _) => (y - 1 - f.B) * (-f.A).exp() / Of(y, slopes),
        Slope = (f, x, _) => f.A + Of(x, slopes).log(),
        UndoSlope = (f, y, _) => -f.A - Of(y, slopes).log(),
    };

    private static Tensor Of(Tensor like, double[] slopes) => tensor(slopes, like.dtype);
}
