using Bijectors.Testing;

namespace Bijectors.Tests.Laws;

/// <summary>Each law rejects bijectors that break it, and accepts the one they were made from.</summary>
public sealed class MutantTests
{
    // RoundTrip and LogDet together imply it.
    private static readonly string[] s_implied = ["InverseLogDet"];

    public static TheoryData<string> Names => [.. Mutants.All.Select(m => m.Name)];

    public static TheoryData<string> Laws => [.. BijectorLaws.All.Select(law => law.Name)];

    [Fact]
    public void TheSketchThatMutantsAreMadeFromKeepsEveryLaw() => BijectorLaws.Check(() => new Sketch());

    [Fact]
    public void SoDoesTheCausalNetworkThatTellsTheTruth() =>
        BijectorLaws.Check(() => new MaskedAutoregressive(new Preceding()), Shape.Vector(3));

    [Theory]
    [MemberData(nameof(Names))]
    public void IsRejectedForTheStatedReason(string mutant)
    {
        var m = Mutants.All.Single(m => m.Name == mutant);
        var law = BijectorLaws.All.Single(law => law.Name == m.Law);
        var violation = Assert.Throws<LawViolationException>(() => law.Check(Case(m)));
        Assert.Contains(m.Says, violation.Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void IsSeenByNoOtherLawWhereItSaysSo(string mutant)
    {
        var m = Mutants.All.Single(m => m.Name == mutant);
        var failed = BijectorLaws.Run(Case(m)).Where(result => !result.Passed).ToList();
        Assert.Contains(failed, result => result.Law == m.Law);
        Assert.True(m.Alone == (failed.Count == 1), string.Join("\n", failed.Select(result => result.Message)));
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void EveryLawSeesAMistakeThatNoOtherLawSees(string law)
    {
        var mutants = Mutants.All.Where(m => m.Law == law).ToList();
        Assert.NotEmpty(mutants);
        Assert.True(mutants.Any(m => m.Alone) || s_implied.Contains(law));
    }

    private static LawCase Case(Mutant m) => new(m.Make, Shape.Vector(3), m.ContextSize);
}
