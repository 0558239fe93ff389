using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>A violation names the first bijector inside that breaks the law by itself.</summary>
public sealed class CulpritTests
{
    private static readonly Shape s_three = Shape.Vector(3);

    [Theory]
    [InlineData("misses a log-det term", "LogDet")]
    [InlineData("inverts in the wrong order", "RoundTrip")]
    [InlineData("detaches a parameter", "Gradients")]
    [InlineData("forgets a temporary", "NoTensorSurvives")]
    [InlineData("throws", "RoundTrip")]
    public void OfAChainIsNamed(string mistake, string law)
    {
        var violation = Violation(
            law, () => new Asinh() >> new PluLinear(3, Chance(1)) >> Wrong(mistake) >> new Reverse() >> Wrong(mistake));
        Assert.Equal("layers.2 (Sketch)", violation.Culprit);
        Assert.Contains("first wrong:  layers.2 (Sketch), by itself: ", violation.Message);
    }

    [Fact]
    public void IsTheInnermost()
    {
        var violation = Violation("LogDet", () => new Asinh()
            >> (new Reverse() >> ~(new PluLinear(3, Chance(1)) >> Wrong("misses a log-det term"))).Along(-2));
        Assert.Equal("layers.1.inner.layers.1.inner (Sketch)", violation.Culprit);
    }

    [Fact]
    public void IsNamedByTheFirstOfItsPlaces()
    {
        var violation = Violation("LogDet", () =>
        {
            var shared = Wrong("misses a log-det term");
            return new Asinh() >> shared >> new Reverse() >> shared;
        });
        Assert.Equal("layers.1 (Sketch)", violation.Culprit);
    }

    [Fact]
    public void IsFoundWhereOnlyPointsThatReachItShowTheMistake()
    {
        // Wrong beyond 40, where the laws do not look by themselves.
        var violation = Violation("RoundTrip", () => new Sinh()
            >> new Sketch { Undo = (f, y, _) => ((y - f.B) * (-f.A).exp()).clamp_max(40) } >> new Asinh());
        Assert.Equal("layers.1 (Sketch)", violation.Culprit);
    }

    [Fact]
    public void IsFoundWhereOnlyItsOwnPointsShowTheMistake()
    {
        // Wrong beyond 1, where no point that comes out of the sigmoid lies; the chain is wrong because
        // of its last layer.
        var violation = Violation("LogDet", () => new Sigmoid() >> new Sketch
        {
            Rank = 0,
            Slope = (f, x, _) => f.A + (x > 2).to(x.dtype),
        } >> Wrong("misses a log-det term"));
        Assert.Equal("layers.1 (Sketch)", violation.Culprit);
    }

    [Fact]
    public void IsNoneThatThrowsWhereTheWholeDoesNot()
    {
        var violation = Violation("LogDet", () => new Sigmoid() >> Within(2) >> Wrong("misses a log-det term"));
        Assert.Equal("layers.2 (Sketch)", violation.Culprit);

        static Sketch Within(double end) => new()
        {
            Map = (f, x, _) => x.abs().max().item<double>() < end
                ? x * f.A.exp() + f.B
                : throw new InvalidOperationException("too far"),
        };
    }

    [Fact]
    public void IsNamedByLawsThatLookAtMoreThanPoints()
    {
        var violation =
            Violation("EventRankSum", () => new Reverse() >> new Sketch { Sum = (slope, _, _) => slope.sum(-1) });
        Assert.Equal("layers.1 (Sketch)", violation.Culprit);
        Assert.Matches(@"expected -?\d[^,]*, got -?\d", violation.Message);
        Assert.Equal(violation.Message.TrimEnd(), violation.Message);
    }

    [Fact]
    public void IsNoLayerThatMayIgnoreTheContext()
    {
        var violation =
            Violation("Gradients", () => new ActNorm(s_three) >> Wrong("detaches a parameter"), contextSize: 2);
        Assert.Equal("layers.1 (Sketch)", violation.Culprit);
    }

    [Fact]
    public void IsNoneWhereEachLayerIsRight()
    {
        var violation = Violation("RoundTrip", () => new Muddled());
        Assert.Null(violation.Culprit);
        Assert.Contains("none of the bijectors inside breaks this law by itself", violation.Message);
    }

    [Fact]
    public void IsNotSpokenOfWhereNothingIsInside() =>
        Assert.DoesNotContain("first wrong", Violation("LogDet", () => Wrong("misses a log-det term")).Message);

    [Fact]
    public void OfAChainThatStartsWithoutGradientsIsNamed()
    {
        var violation = Violation("Gradients",
            () => new Asinh() >> new Sketch { Map = (f, x, _) => x * f.A.exp() + f.B.sign() * f.B.square().sqrt() });
        Assert.Equal("layers.1 (Sketch)", violation.Culprit);
    }

    [Fact]
    public void WhatOftenCausesAnotherMistakeIsNotToldWhereSomethingThrew()
    {
        Assert.DoesNotContain("often:", Violation("RoundTrip", () => Wrong("throws")).Message);
        Assert.Contains("often:", Violation("LogDet", () => Wrong("misses a log-det term")).Message);
    }

    [Fact]
    public void TheLastLineSaysHowToCheckTorch() => Assert.EndsWith(
        "run \"bijectors doctor\", or TorchCheck.Run()",
        Violation("LogDet", () => Wrong("misses a log-det term")).Message);

    private static Sketch Wrong(string mistake) => mistake switch
    {
        "misses a log-det term" => new Sketch { Slope = (f, _, _) => f.A + 1 },
        "inverts in the wrong order" => new Sketch { Undo = (f, y, _) => y * (-f.A).exp() - f.B },
        "detaches a parameter" => new Sketch { Map = (f, x, _) => x * f.A.exp() + f.B.detach() },
        "forgets a temporary" => new Sketch { Map = (f, x, _) => (x * f.A.exp() + f.B).MoveToOuterDisposeScope() * 1 },
        "throws" => new Sketch { Map = (_, x, _) => x.reshape(7, 7) },
        _ => throw new ArgumentOutOfRangeException(nameof(mistake)),
    };

    private static LawViolationException Violation(string law, Func<Bijector> make, int? contextSize = null) =>
        Assert.Throws<LawViolationException>(
            () => BijectorLaws.All.Single(known => known.Name == law)
                .Check(new LawCase(_ => make(), contextSize: contextSize)));

    private static Generator Chance(int seed) => new((ulong)seed);

    /// <summary>Undoes its steps in the order in which they were done.</summary>
    private sealed class Muddled : Crooked.Moving
    {
        private readonly Bijector first = new ActNorm(s_three);
        private readonly Bijector second = new Reverse();

        public Muddled() => RegisterComponents();

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context)
        {
            using var y = first.Forward(x, context);
            return second.Forward(y, context);
        }

        protected internal override Tensor InverseCore(Tensor y, Tensor? context)
        {
            using var x = first.Inverse(y, context);
            return second.Inverse(x, context);
        }
    }
}
