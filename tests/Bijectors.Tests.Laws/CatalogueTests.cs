using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>Nothing is left out of the catalogue, so nothing escapes the laws.</summary>
public sealed class CatalogueTests
{
    [Fact]
    public void NoTwoEntriesHaveOneName() =>
        Assert.Equal(Catalogue.All.Count, Catalogue.All.Select(entry => entry.Name).Distinct().Count());

    [Fact]
    public void EveryBijectorAndConditionerOfCoreHasAnEntry()
    {
        var present = Catalogue.All.SelectMany(Parts).ToHashSet();
        var missing = typeof(Bijector).Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract
                && (type.IsSubclassOf(typeof(Bijector)) || type.IsSubclassOf(typeof(Conditioner))))
            .Where(type => !present.Contains(type))

            // An embedding of contexts gives one vector for a set: it fits between no parts of a point.
            .Where(type => type != typeof(SetEmbedding));
        Assert.Empty(missing.Select(type => type.Name));
    }

    private static Type[] Parts(Entry entry)
    {
        using var f = entry.Make(0);
        return [f.GetType(), .. f.modules().Select(module => module.GetType())];
    }
}
