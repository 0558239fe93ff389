using Bijectors.Testing;

namespace Bijectors.Tests.Laws;

public sealed class LawTheoryTests
{
    private static readonly LawTheory s_theory = new()
    {
        { "Squash", () => new Sigmoid() },
        { "Mistaken", () => new Sketch { ClaimsVolume = true }, Shape.Vector(3) },
        { "Shuffle", seed => Permute.Random(4, new((ulong)seed)), Shape.Vector(4) },
    };

    [Fact]
    public void HasARowForEachLawOnEachBijector()
    {
        Assert.Equal(["Squash", "Mistaken", "Shuffle"], s_theory.Names);
        Assert.Equal(
            from bijector in s_theory.Names from law in BijectorLaws.All select $"{law} {bijector}",
            s_theory.Select(row => $"{row[0]} {row[1]}"));
    }

    [Fact]
    public void ChecksWhatARowNames()
    {
        s_theory.Check("LogDet", "Squash");
        s_theory.Check("StateRoundTrip", "Shuffle");
        s_theory.Check("RoundTrip", "Mistaken");
        Assert.Equal("Facts", Assert.Throws<LawViolationException>(() => s_theory.Check("Facts", "Mistaken")).Law);
    }

    [Fact]
    public void SaysWhichNamesItKnows()
    {
        Assert.Contains(
            "RoundTrip", Assert.Throws<ArgumentException>(() => s_theory.Check("Roundtrip", "Squash")).Message);
        Assert.Contains("Squash, Mistaken, Shuffle",
            Assert.Throws<ArgumentException>(() => s_theory.Check("LogDet", "squash")).Message);
        Assert.Throws<ArgumentException>(() => new LawTheory { { string.Empty, () => new Exp() } });
        Assert.Contains("'a' twice", Assert.Throws<ArgumentException>(
            () => new LawTheory { { "a", () => new Exp() }, { "a", () => new Exp() } }).Message);
    }
}
