namespace Bijectors;

/// <summary>Follows the domains through a sequence of bijectors.</summary>
internal static class DomainCheck
{
    /// <summary>The domain and the codomain of bijectors applied one after another.</summary>
    /// <param name="layers">The bijectors, the first one first.</param>
    /// <param name="place">What they stand in, for messages: <c>Chain</c>.</param>
    /// <exception cref="DomainException">One gives values on which a later one is not defined.</exception>
    public static (Domain Domain, Domain Codomain) Through(IReadOnlyList<Bijector> layers, string place)
    {
        Domain? domain = null;
        var current = Domain.Real;
        var giver = -1;
        for (var i = 0; i < layers.Count; i++)
        {
            if (Map(layers[i]) is { } map)
            {
                current = map.Image(current);
                continue;
            }

            if (domain is null)
            {
                domain = layers.Take(i).Reverse().Aggregate(layers[i].Domain, (d, earlier) => Map(earlier)!.Preimage(d));
            }
            else if (!layers[i].Domain.Includes(current))
            {
                throw new DomainException(
                    $"{place}[{giver}] ({layers[giver]})", $"{place}[{i}] ({layers[i]})", layers[i].Domain, current);
            }

            current = layers[i].Codomain;
            giver = i;
        }

        return (domain ?? Domain.Real, current);
    }

    /// <summary>The bijector as a map of domains, if it is one.</summary>
    public static IDomainMap? Map(Bijector f) => f switch
    {
        IDomainMap { IsActive: true } map => map,
        Inverted { Inner: var inner } when Map(inner) is { } map => new Backwards(map),
        _ => null,
    };

    private sealed class Backwards(IDomainMap map) : IDomainMap
    {
        public Domain Image(Domain input) => map.Preimage(input);

        public Domain Preimage(Domain output) => map.Image(output);
    }
}
