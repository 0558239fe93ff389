namespace Bijectors;

/// <summary>The structural optimisation of chains.</summary>
internal static class ChainRewriting
{
    /// <summary>The bijectors with chains, also inverted ones, replaced by their layers.</summary>
    public static IReadOnlyList<Bijector> Flatten(IEnumerable<Bijector> bijectors)
    {
        var flat = new List<Bijector>();
        foreach (var f in bijectors)
        {
            ArgumentNullException.ThrowIfNull(f);
            switch (f)
            {
                case Chain chain:
                    flat.AddRange(chain.Layers);
                    break;
                case Inverted { Inner: Chain chain }:
                    flat.AddRange(Flatten(chain.Layers.Reverse().Select(Inverted.Of)));
                    break;
                default:
                    flat.Add(f);
                    break;
            }
        }

        return flat;
    }

    /// <summary>
    /// Drops identities and pairs <c>f >> ~f</c>, merges adjacent rearrangements, and goes on with the new neighbours of
    /// what vanished.
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
    private static Bijector Plain(Bijector f) => f is Inverted { Inner: IRearrangement { Undo: { } undo } } ? undo : f;

    private static void Push(List<Bijector> done, Bijector next)
    {
        if (next is Identity)
        {
            return;
        }

        if (done.Count == 0)
        {
            done.Add(next);
            return;
        }

        var last = done[^1];
        if (last is Inverted { Inner: var inner } && ReferenceEquals(inner, next)
            || next is Inverted { Inner: var other } && ReferenceEquals(other, last))
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
}
