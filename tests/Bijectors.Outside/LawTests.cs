using Bijectors.Testing;

namespace Bijectors.Outside;

/// <summary>Every law, on composites of this assembly and on our own sources compiled into it.</summary>
public sealed class LawTests
{
    public static TheoryData<string> Names() => [.. Entries().Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_laws_hold(string name)
    {
        var entry = Entries().Single(entry => entry.Name == name);
        BijectorLaws.Check(new LawCase(entry.Make, entry.Shape, entry.ContextSize));
    }

    [Fact]
    public void What_is_tested_is_compiled_here()
    {
        var here = Entries().Select(entry => entry.Make(0)).SelectMany(f => f.modules().Append(f))
            .Select(module => module.GetType()).Where(type => type.Assembly == typeof(LawTests).Assembly).ToHashSet();
        var own = typeof(LawTests).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsNested: false, IsPublic: true }
                && (type.IsSubclassOf(typeof(Bijector)) || type.IsSubclassOf(typeof(Conditioner))));
        Assert.Contains(typeof(AffineCoupling), here);
        Assert.Empty(own.Except(here).Select(type => type.Name).Except(["Gain"]));
    }

    private static IEnumerable<Entry> Entries() => Catalogue.All.Concat(Own.All);
}
