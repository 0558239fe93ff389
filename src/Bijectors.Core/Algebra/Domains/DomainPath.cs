using System.Collections.Immutable;

namespace Bijectors;

/// <summary>The domains along a sequence of bijectors, which may be continued.</summary>
/// <param name="place">What they stand in, for messages: <c>Chain</c>.</param>
internal readonly struct DomainPath(string place)
{
    private readonly State _state = new(null, Domain.Real, ImmutableStack<IDomainMap>.Empty, 0, null);

    private DomainPath(string place, State state)
        : this(place) => _state = state;

    /// <summary>Where the sequence is defined.</summary>
    public Domain Domain => _state.Domain ?? Domain.Real;

    /// <summary>
    /// Where the sequence is defined when what it gives must lie in a domain, as long as nothing has bounded the data:
    /// then it is that domain, mapped back. Null where something has.
    /// </summary>
    public Domain? Before(Domain last) =>
        _state.Domain is null ? _state.Maps.Aggregate(last, (d, earlier) => earlier.Preimage(d)) : null;

    /// <summary>What it gives.</summary>
    public Domain Codomain => _state.Current;

    /// <summary>The sequence with further bijectors behind.</summary>
    /// <exception cref="DomainException">One gives values on which a later one is not defined.</exception>
    public DomainPath Then(IEnumerable<Bijector> layers)
    {
        var state = _state;
        foreach (var layer in layers)
        {
            state = Next(state, layer);
        }

        return new(place, state);
    }

    private State Next(State state, Bijector layer)
    {
        if (layer.DomainMap is { } map)
        {
            // The nearest one on top; needed until a bijector bounds the data, and not after it.
            var maps = state.Domain is null ? state.Maps.Push(map) : state.Maps;
            return state with { Current = map.Image(state.Current), Maps = maps, Count = state.Count + 1 };
        }

        // Nothing has bounded the data so far: the first bijector that wants bounds sets them.
        var (domain, current) = state.Domain is null
            ? (state.Maps.Aggregate(layer.Domain, (d, earlier) => earlier.Preimage(d)), layer.Codomain)
            : layer.Domain.Includes(state.Current) ? (state.Domain, DomainCheck.Image(layer, state.Current))
            : throw new DomainException(
                $"{place}[{state.Giver!.Value.At}] ({state.Giver.Value.F})",
                $"{place}[{state.Count}] ({layer})",
                layer.Domain,
                state.Current);
        return new(domain, current, ImmutableStack<IDomainMap>.Empty, state.Count + 1, (layer, state.Count));
    }

    private sealed record State(
        Domain? Domain, Domain Current, ImmutableStack<IDomainMap> Maps, int Count, (Bijector F, int At)? Giver);
}
