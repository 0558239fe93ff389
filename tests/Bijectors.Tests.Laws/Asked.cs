using Bijectors.Testing;

namespace Bijectors.Tests.Laws;

/// <summary>One law, asked of one bijector, on vectors of 3 where nothing else is said.</summary>
internal static class Asked
{
    public static void Accepts(this Law law, Func<Bijector> make, Shape? shape = null, int? contextSize = null) =>
        law.Check(new LawCase(_ => make(), shape ?? Shape.Vector(3), contextSize));

    public static LawViolationException Rejects(
        this Law law, Func<Bijector> make, Shape? shape = null, int? contextSize = null) =>
        Assert.Throws<LawViolationException>(() => law.Accepts(make, shape, contextSize));

    /// <summary>What the law had looked at, whichever the entry.</summary>
    public static string Where(this LawViolationException violation) => violation.Mismatch.What.Split(", entry ")[0];
}
