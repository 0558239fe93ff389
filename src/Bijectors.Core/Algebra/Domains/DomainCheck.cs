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

    /// <summary>What a bijector, or its inverse, makes of a part of its domain.</summary>
    public static Domain Image(Bijector f, Domain input, bool isInverse = false)
    {
        var (domain, codomain, rank) =
            isInverse ? (f.Codomain, f.Domain, f.OutputEventRank) : (f.Domain, f.Codomain, f.EventRank);
        if (input.Includes(domain))
        {
            return codomain;
        }

        if (f.DomainMap is { } map)
        {
            return isInverse ? map.Preimage(input) : map.Image(input);
        }

        if (Structure.Of(f, isInverse) is { Count: > 0 } stages)
        {
            return Image(stages, input) ?? PartOf.Of(codomain);
        }

        return (rank, input) switch
        {
            (0, Interval interval) => Ends(f, interval, isInverse) ?? PartOf.Of(codomain),
            (0, PartsDomain parts) => PartsDomain.Of(
                Image(f, parts.First, isInverse), Image(f, parts.Second, isInverse), parts.Partition),
            (0, RearrangedDomain moved) => RearrangedDomain.Of(moved.F, Image(f, moved.Inner, isInverse)),
            _ => PartOf.Of(codomain),
        };
    }

    /// <summary>What stages make of a domain; null where a view cannot name it.</summary>
    private static Domain? Image(IReadOnlyList<Stage> stages, Domain input)
    {
        var domain = input;
        foreach (var stage in stages)
        {
            if (domain is null || stage.From.Apart(domain) is not { } parts)
            {
                return null;
            }

            domain = stage.Onto.Together(
                [.. parts.Select((part, i) =>
                    stage.Children[i] is { } child ? Image(child, part, stage.IsInverse) : part)]);
        }

        return domain;
    }

    /// <summary>
    /// A monotone map of one number takes an interval to the interval between the images of its ends;
    /// null where they are not known.
    /// </summary>
    private static Domain? Ends(Bijector f, Interval interval, bool isInverse)
    {
        if (f.parameters().Any() || f.buffers().Any())
        {
            return null;
        }

        using var gradients = no_grad();
        using var ends = tensor([interval.Low, interval.High]);
        using var images = isInverse ? f.Inverse(ends) : f.Forward(ends);
        var (a, b) = (images.data<double>()[0], images.data<double>()[1]);
        return double.IsNaN(a) || double.IsNaN(b) || a == b ? null : Domain.Interval(Math.Min(a, b), Math.Max(a, b));
    }
}
