using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>What a law is checked on, and what a failure says.</summary>
public sealed class LawCaseTests
{
    [Fact]
    public void ShapesAreFoundWhereNoneIsGiven()
    {
        Assert.Equal(Shape.Vector(3), new LawCase(_ => new Sketch()).Shape);
        Assert.Equal(Shape.Vector(6), new LawCase(seed => new PluLinear(6, new Generator((ulong)seed))).Shape);
        Assert.Equal(Shape.Image(2, 4, 2), new LawCase(_ => new Squeeze()).Shape);
        var e = Assert.Throws<ArgumentException>(
            () => new LawCase(_ => new Sketch { Sizes = s => throw new ShapeException("S", "none", "") }));
        Assert.Contains("give the event shape", e.Message);
    }

    [Fact]
    public void ParametersAreMovedButKeepTheirSigns()
    {
        using var scope = NewDisposeScope();
        using var lawContext = new LawContext(new LawCase(_ => new Signs()), ScalarType.Float64);
        var moved = lawContext.Bijector.get_parameter("values")!;
        Assert.Equal([-1, 0, 1], Values(new Signs().get_parameter("values")!));
        Assert.Equal([-1, 1], Values(moved.sign()).Where((_, i) => i != 1));
        Assert.DoesNotContain(Values(moved), value => value is 0 or 1 or -1);
    }

    [Fact]
    public void TheTwinHasTheParametersOfTheLawContext()
    {
        using var scope = NewDisposeScope();
        using var lawContext = new LawContext(new LawCase(_ => new Signs()), ScalarType.Float32);
        Assert.Equal(ScalarType.Float64, lawContext.Exact.get_parameter("values")!.dtype);
        Assert.Equal(
            Values(lawContext.Bijector.get_parameter("values")!), Values(lawContext.Exact.get_parameter("values")!));
    }

    [Fact]
    public void ChecksLeaveTheGlobalGeneratorAlone()
    {
        using var before = get_rng_state();
        BijectorLaws.Check(() => new Sketch());
        using var after = get_rng_state();
        Assert.True(before.Equals(after));
    }

    [Fact]
    public void RunTellsOfEveryLaw()
    {
        var results = BijectorLaws.Run(() => new Sketch { ClaimsVolume = true }, Shape.Vector(3));
        Assert.Equal(BijectorLaws.All.Select(law => law.Name), results.Select(result => result.Law));
        Assert.Equal("Facts", Assert.Single(results, result => !result.Passed).Law);
        Assert.All(results, result => Assert.NotEmpty(result.Message));
    }

    [Fact]
    public void AFailureIsShrunkToItsSmallestPoint()
    {
        // Wrong from 1 upwards.
        var law = BijectorLaws.All.Single(law => law.Name == "RoundTrip");
        var violation = Assert.Throws<LawViolationException>(() => law.Check(new LawCase(_ => new Sketch
        {
            Undo = (f, y, _) => ((y - f.B) * (-f.A).exp()).clamp_max(1),
        })));
        Assert.Matches(@"at the point: \[(0, 0, \d(\.\d)?|0, \d(\.\d)?, 0|\d(\.\d)?, 0, 0)\]", violation.Message);
    }

    [Fact]
    public void AFailureSaysWhatIsNeededToActOnIt()
    {
        var violation = Assert.Throws<LawViolationException>(
            () => BijectorLaws.Check(() => new Sketch { Slope = (f, _, _) => f.A + 1 }, Shape.Of(2, 3), seed: 7));
        Assert.Equal(("LogDet", "Sketch", 7, ScalarType.Float64),
            (violation.Law, violation.Bijector, violation.Seed, violation.DType));
        foreach (var part in new[] { "Sketch breaks the law LogDet", "events (2, 3)", "Float64, seed 7",
            "ForwardWithLogDet(x).LogDet", "at the point: [0, 0, 0, 0, 0, 0]", "off by 6", "a term is missing" })
        {
            Assert.Contains(part, violation.Message);
        }
    }

    [Fact]
    public void WhatTheBijectorThrowsIsToldInASentence()
    {
        var violation = Assert.Throws<LawViolationException>(
            () => BijectorLaws.All.Single(law => law.Name == "RoundTrip")
                .Check(new LawCase(_ => new Sketch { Map = (_, x, _) => x.reshape(7, 7) })));
        Assert.Contains("got:          ExternalException: shape '[7, 7]' is invalid", violation.Message);
        Assert.DoesNotContain("frame #", violation.Message);
        Assert.NotNull(violation.InnerException);
    }

    [Fact]
    public void AUserMayStateALawOfTheirOwn()
    {
        new IsOdd().Check(new LawCase(_ => new Sinh()));
        Assert.Contains("breaks the law IsOdd",
            Assert.Throws<LawViolationException>(() => new IsOdd().Check(new LawCase(_ => new Exp()))).Message);
    }

    private static double[] Values(Tensor x) => x.detach().to(ScalarType.Float64).data<double>().ToArray();

    private sealed class IsOdd : Law
    {
        public override string Statement => "f(-x) = -f(x)";

        public override string UsualCause => "it is even, or neither.";

        protected override void Check(LawContext lawContext)
        {
            var x = lawContext.Bijector.Domain.Sample(
                [4, .. lawContext.Case.Shape.ToArray()], lawContext.DType, lawContext.GeneratorFor(1));
            if (!lawContext.Bijector.Forward(-x).allclose(-lawContext.Bijector.Forward(x)))
            {
                throw lawContext.Violation(this, new("f(-x)", "-f(x)", "something else"));
            }
        }
    }

    private sealed class Signs : Crooked.Moving
    {
        private readonly TorchSharp.Modules.Parameter values = new(tensor([-1f, 0, 1]).DetachFromDisposeScope());

        public Signs() => RegisterComponents();

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => x + values;

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) => y - values;
    }
}
