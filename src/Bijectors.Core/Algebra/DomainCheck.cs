using TorchSharp;
using static TorchSharp.torch;

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
        var path = new DomainPath(place).Then(layers);
        return (path.Domain, path.Codomain);
    }

    /// <summary>What <see cref="Through"/> throws; null where the domains fit.</summary>
    public static DomainException? Mismatch(IReadOnlyList<Bijector> layers, string place)
    {
        try
        {
            Through(layers, place);
            return null;
        }
        catch (DomainException mismatch)
        {
            return mismatch;
        }
    }

    /// <summary>The bijector as a map of domains, if it is one.</summary>
    public static IDomainMap? Map(Bijector f) => f switch
    {
        IDomainMap { IsActive: true } map => map,
        Inverted { Inner: var inner } when Map(inner) is { } map => new Backwards(map),
        _ => null,
    };

    /// <summary>What a bijector makes of a part of its domain.</summary>
    public static Domain Image(Bijector f, Domain input) => (f, input) switch
    {
        _ when input.Includes(f.Domain) => f.Codomain,
        _ when Map(f) is { } map => map.Image(input),
        (Chain chain, _) => chain.Layers.Aggregate(input, (domain, layer) => Image(layer, domain)),
        (On on, Interval) => PartsDomain.Of(Image(on.Inner, input), input, on.Part),
        (Parallel both, Interval) => PartsDomain.Of(Image(both.First, input), Image(both.Second, input), both.Partition),
        (Along along, Interval) => Image(along.Inner, input),
        (Inverted { Inner: Chain chain }, _) => chain.Layers.Reverse().Aggregate(input, (domain, layer) => Image(Inverted.Of(layer), domain)),
        (Inverted { Inner: On on }, Interval) => PartsDomain.Of(Image(Inverted.Of(on.Inner), input), input, on.Part),
        (Inverted { Inner: Parallel both }, Interval) =>
            PartsDomain.Of(Image(Inverted.Of(both.First), input), Image(Inverted.Of(both.Second), input), both.Partition),
        (Inverted { Inner: Along along }, Interval) => Image(Inverted.Of(along.Inner), input),
        ({ EventRank: 0 }, Interval interval) => Ends(f, interval),
        ({ EventRank: 0 }, PartsDomain parts) => PartsDomain.Of(Image(f, parts.First), Image(f, parts.Second), parts.Partition),
        ({ EventRank: 0 }, RearrangedDomain moved) => RearrangedDomain.Of(moved.F, Image(f, moved.Inner)),
        _ => PartOf.Of(f.Codomain),
    };

    /// <summary>A monotone map of one number takes an interval to the interval between the images of its ends.</summary>
    private static Domain Ends(Bijector f, Interval interval)
    {
        if (f.parameters().Any() || f.buffers().Any())
        {
            return PartOf.Of(f.Codomain);
        }

        using var gradients = no_grad();
        using var ends = tensor([interval.Low, interval.High]);
        using var images = f.Forward(ends);
        var (a, b) = (images.data<double>()[0], images.data<double>()[1]);
        return double.IsNaN(a) || double.IsNaN(b) || a == b ? PartOf.Of(f.Codomain) : Domain.Interval(Math.Min(a, b), Math.Max(a, b));
    }

    private sealed class Backwards(IDomainMap map) : IDomainMap
    {
        public Domain Image(Domain input) => map.Preimage(input);

        public Domain Preimage(Domain output) => map.Image(output);
    }
}
