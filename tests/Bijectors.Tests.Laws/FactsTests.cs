using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>What is said to be constant may differ by rounding and by no more.</summary>
public sealed class FactsTests
{
    // Of a bijector with nothing inside, in float64.
    private const double R = 4 * 2.220446049250313e-16;

    [Fact]
    public void ToPreserveVolumeIsToHaveAConstantJacobian()
    {
        var violation = new Facts().Rejects(() => new Contradictory());
        Assert.Equal(
            new Mismatch("the facts", "HasConstantJacobian wherever IsVolumePreserving",
                "IsVolumePreserving without HasConstantJacobian"), violation.Mismatch);
    }

    [Fact]
    public void RoundingMayDifferFromPointToPoint() => new Facts().Accepts(() => Differing(4 * R));

    [Fact]
    public void NothingElseMay()
    {
        var violation = new Facts().Rejects(() => Differing(30 * R));
        Assert.Equal("ForwardWithLogDet(x).LogDet of a map with HasConstantJacobian", violation.Where());
    }

    [Fact]
    public void AVolumeIsPreservedToRounding()
    {
        new Facts().Accepts(() => Shifting(2 * R));
        Assert.Equal("ForwardWithLogDet(x).LogDet of a map with IsVolumePreserving",
            new Facts().Rejects(() => Shifting(10 * R)).Where());
    }

    /// <summary>Its log-det is larger by so much on one side of zero.</summary>
    private static Sketch Differing(double by) => new()
    {
        ClaimsConstant = true,
        Sum = (slope, x, rank) => LogDets.Sum(slope, x, rank) + by * (x.select(-1, 0) > 0).to(x.dtype),
    };

    private static Sketch Shifting(double logDet) => new()
    {
        ClaimsVolume = true,
        Map = (f, x, _) => x + f.B,
        Undo = (f, y, _) => y - f.B,
        Slope = (_, x, _) => zeros_like(x),
        UndoSlope = (_, y, _) => zeros_like(y),
        Sum = (slope, x, rank) => LogDets.Sum(slope, x, rank) + logDet,
    };

    private sealed class Contradictory : Crooked.Moving
    {
        public override bool HasConstantJacobian => false;

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => x.clone();

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) => y.clone();
    }
}
