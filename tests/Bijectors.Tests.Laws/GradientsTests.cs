using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>How far gradients and finite differences may be apart.</summary>
public sealed class GradientsTests
{
    private const string OfThePoint = "the gradient of Forward with respect to the point";

    private static readonly Law s_law = BijectorLaws.All.Single(law => law.Name == "Gradients");

    [Fact]
    public void SevenDigitsAreEnough() => s_law.Accepts(() => Off(5e-8));

    [Fact]
    public void SixAreNot() => Assert.Equal(OfThePoint, s_law.Rejects(() => Off(1e-6)).Where());

    [Fact]
    public void TheOtherSignIsNoAgreement() =>
        Assert.Equal(OfThePoint,
            s_law.Rejects(() => new Sketch { Map = (f, x, _) => (2 * x.detach() - x) * f.A.exp() + f.B }).Where());

    [Fact]
    public void AMistakeInASmallGradientIsOne() =>
        Assert.Equal(OfThePoint, s_law.Rejects(() => new Sketch
        {
            Map = (f, x, _) => 1e-5 * (2 * x - x.detach()) * f.A.exp() + f.B,
            Undo = (f, y, _) => 1e5 * (y - f.B) * (-f.A).exp(),
        }).Where());

    [Fact]
    public void AMistakeThatGrowsIsNoCurvature()
    {
        // Far out a cubic is so steep that any gradient would seem right.
        var violation =
            s_law.Rejects(() => new Sketch { Map = (f, x, _) => (x + x * x * x.detach()) * f.A.exp() + f.B });
        Assert.Equal(OfThePoint, violation.Where());
    }

    [Fact]
    public void ItIsSeenAtZeroToo()
    {
        var violation = s_law.Rejects(() => new Sketch { Map = (f, x, _) => (x + x.detach()) * f.A.exp() + f.B });
        Assert.Equal(OfThePoint, violation.Where());
        Assert.Matches(@"at the point: \[0, 0, 0\]\r?\n", violation.Message);
    }

    [Fact]
    public void ThatOfTheResultIsToldFirst()
    {
        Sketch Half(bool value) => new()
        {
            Map = (f, x, _) => (value ? x + x.detach() : 2 * x) * f.A.exp() + f.B,
            Slope = (f, x, _) => f.A + x + x.detach(),
        };
        Assert.Equal(OfThePoint, s_law.Rejects(() => Half(value: true)).Where());
        Assert.Equal("the gradient of ForwardWithLogDet.LogDet with respect to the point",
            s_law.Rejects(() => Half(value: false)).Where());
    }

    [Fact]
    public void WhatIsLostInALargeResultIsForgiven() => s_law.Accepts(() => new Sketch
    {
        Map = (f, x, _) => x * f.A.exp() + f.B + 1e15,
        Undo = (f, y, _) => (y - f.B) * (-f.A).exp() + 1e15,
    });

    [Fact]
    public void SoIsWhatIsLostInALargeLogDet() => s_law.Accepts(() => new Sketch
    {
        Slope = (f, _, _) => f.A + 1e15,
        UndoSlope = (f, _, _) => -f.A - 1e15,
    });

    [Fact]
    public void AnAgreementAtOneStepIsEnough()
    {
        // As of an iteration that stops early: smaller steps meet the same answer on both sides.
        s_law.Accepts(() => new Sketch
        {
            Map = (f, x, _) => Stepped(x * f.A.exp() + f.B),
            Undo = (f, y, _) => Stepped((y - f.B) * (-f.A).exp()),
        });

        static Tensor Stepped(Tensor y) => y + ((y / 3e-6).round() * 3e-6 - y).detach();
    }

    /// <summary>Right, with a gradient that is off by a share of itself; its results are large.</summary>
    private static Sketch Off(double share) => new()
    {
        Map = (f, x, _) => 1000 * ((1 + share) * x - share * x.detach()) * f.A.exp() + f.B,
        Undo = (f, y, _) => (y - f.B) * (-f.A).exp() / 1000,
    };
}
