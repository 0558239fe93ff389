namespace Bijectors;

/// <summary>
/// The structural optimisation of chains. What it gives has the domain and the codomain of what was written.
/// </summary>
internal static class ChainRewriting
{
    /// <summary>
    /// The bijectors with chains replaced by their layers, see <see cref="Flatten"/>, and their domains checked. An
    /// inverted chain stays whole where its layers one by one would be refused: <c>~(Sigmoid >> Softplus)</c> is a map
    /// of what the sigmoid's values become, <c>~Softplus >> ~Sigmoid</c> would meet all positive numbers.
    /// </summary>
    /// <exception cref="DomainException">One gives values on which the next is not defined.</exception>
    public static IReadOnlyList<Bijector> Checked(IReadOnlyList<Bijector> written)
    {
        var flat = Flatten(written);
        if (DomainCheck.Mismatch(flat, nameof(Chain)) is not { } mismatch)
        {
            return flat;
        }

        return DomainCheck.Mismatch(written, nameof(Chain)) is null ? written : throw mismatch;
    }

    /// <summary>The bijectors with chains, also inverted ones, replaced by their layers.</summary>
    public static IReadOnlyList<Bijector> Flatten(IEnumerable<Bijector> bijectors) =>
        [.. bijectors.SelectMany(Layering.Layers)];

    /// <summary>
    /// Drops identities and pairs <c>f >> ~f</c>, merges adjacent rearrangements, and continues with the new neighbours
    /// of what vanished. A pair that bounds the points remains: <c>Log >> ~Log</c> is the identity of the positive
    /// numbers.
    /// </summary>
    public static IReadOnlyList<Bijector> Simplify(IEnumerable<Bijector> flat)
    {
        var done = new List<Bijector>();
        foreach (var f in flat)
        {
            Push(done, f);
        }

        return [.. done.Select(Plain)];
    }

    /// <summary>The inverse of a rearrangement is one itself.</summary>
    private static Bijector Plain(Bijector f) => Structure.InverseOf(f) is IRearrangement { Undo: { } undo } ? undo : f;

    private static void Push(List<Bijector> done, Bijector next)
    {
        if (Layering.IsIdentity(next))
        {
            return;
        }

        if (done.Count == 0)
        {
            done.Add(next);
            return;
        }

        var last = done[^1];
        if (AreInverse(last, next) && last.Domain.Includes(Reach(done.SkipLast(1))))
        {
            done.RemoveAt(done.Count - 1);
            return;
        }

        if (Plain(last) is IRearrangement rearrangement && rearrangement.Then(Plain(next)) is { } merged)
        {
            done.RemoveAt(done.Count - 1);
            Push(done, merged);
            return;
        }

        done.Add(next);
    }

    private static bool AreInverse(Bijector last, Bijector next) =>
        ReferenceEquals(Structure.InverseOf(last), next) || ReferenceEquals(Structure.InverseOf(next), last);

    /// <summary>What comes out of bijectors that have been checked.</summary>
    private static Domain Reach(IEnumerable<Bijector> layers) =>
        DomainCheck.Through([.. layers], nameof(Chain)).Codomain;
}
