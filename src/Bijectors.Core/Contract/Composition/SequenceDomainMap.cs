namespace Bijectors;

/// <summary>Maps of domains one after another.</summary>
internal sealed class SequenceDomainMap : IDomainMap
{
    private readonly IReadOnlyList<(IDomainMap Map, bool IsInverse)> _maps;

    private SequenceDomainMap(IReadOnlyList<(IDomainMap Map, bool IsInverse)> maps) => _maps = maps;

    /// <summary>
    /// That of the stages of a bijector; null where one of them is none, or does not take the whole point.
    /// </summary>
    public static IDomainMap? Of(Bijector f)
    {
        var maps = new List<(IDomainMap, bool)>();
        foreach (var stage in f.Stages)
        {
            if (!stage.IsWhole || stage.Children[0]!.DomainMap is not { } map)
            {
                return null;
            }

            maps.Add((map, stage.IsInverse));
        }

        return maps.Count == 0 ? null : new SequenceDomainMap(maps);
    }

    public Domain Image(Domain input) =>
        _maps.Aggregate(input, (domain, step) => step.IsInverse ? step.Map.Preimage(domain) : step.Map.Image(domain));

    public Domain Preimage(Domain output) =>
        _maps.Reverse().Aggregate(
            output, (domain, step) => step.IsInverse ? step.Map.Image(domain) : step.Map.Preimage(domain));
}
