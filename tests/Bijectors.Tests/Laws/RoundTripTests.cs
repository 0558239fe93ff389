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
        var violation = Assert.Throws<LawViolationException>(() => s_law.Check(new LawCase(_ => Flat(1e-16, 1e-16, 1e-16))));
        Assert.Contains("the conditioning of Forward at the points of the test", violation.Message);
        Assert.Contains("one at 0", violation.Message);
    }

    [Fact]
    public void AQuarterOfTheEntriesIsEnough() => s_law.Check(new LawCase(_ => Flat(1e-16, 1e-16, 1)));

    [Fact]
    public void InFloat32ItMayHaveNothingToSay() => s_law.Check(new LawCase(_ => Flat(1e-7, 1e-7, 1e-7)));

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
