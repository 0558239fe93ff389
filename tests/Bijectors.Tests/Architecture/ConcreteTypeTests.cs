namespace Bijectors.Tests.Architecture;

/// <summary>
/// Nothing looks inside a bijector by its type: what visits bijectors asks for <see cref="Bijector.Stages"/> and what
/// else the contract says, and so sees composites of a user's as it sees ours.
/// </summary>
public sealed class ConcreteTypeTests
{
    [Fact]
    public void No_source_asks_whether_a_bijector_is_one_of_ours()
    {
        var sources = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(folder => folder is "obj" or "bin"))
            .ToDictionary(file => Path.GetRelativePath(Repository.Root, file), File.ReadAllText);
        var core = Path.Combine("src", "Bijectors.Core");
        var ours = sources.Where(source => source.Key.StartsWith(core, StringComparison.Ordinal))
            .SelectMany(source => TypeTests.Derived(source.Value, nameof(Bijector))
                .Concat(TypeTests.Derived(source.Value, nameof(Transformer)))).ToHashSet();
        Assert.Superset(
            new HashSet<string>
            {
                nameof(Chain), nameof(Inverted), nameof(Along), nameof(On), nameof(Bijectors.Parallel),
                nameof(FactorOut), nameof(Identity), nameof(ActNorm), nameof(Coupling),
                nameof(AffineTransformer),
            },
            ours);
        var tests = sources
            .SelectMany(source => TypeTests.In(source.Value, ours).Select(test => $"{source.Key}:{test}")).ToList();
        Assert.True(tests.Count == 0, string.Join('\n', tests));
    }

    [Theory]
    [InlineData("x is Chain")]
    [InlineData("x is not Chain")]
    [InlineData("x is Chain { Layers.Count: 2 } chain")]
    [InlineData("x is Along or Chain")]
    [InlineData("x is { Inner: Chain inner }")]
    [InlineData("x as Bijectors.Chain")]
    [InlineData("(Chain)x")]
    [InlineData("x switch { Chain => 1, _ => 0 }")]
    [InlineData("x switch { Chain chain => 1, _ => 0 }")]
    [InlineData("(x, y) switch { (Chain chain, _) => 1, _ => 0 }")]
    [InlineData("x.Layers.OfType<Chain>()")]
    [InlineData("x.GetType() == typeof(Chain)")]
    public void A_type_test_is_found(string expression) =>
        Assert.NotEmpty(Found($"class Visitor {{ object Visit(object x) => {expression}; }}"));

    [Theory]
    [InlineData("class Visitor { int Of(object x) { switch (x) { case Chain: return 1; case Chain c: return 2; }}}", 2)]
    [InlineData("class Visitor { object Visit(Bijector x) => Chain.Of(x, new Chain(x)); }", 0)]
    [InlineData("class Visitor { string Visit(string x) => nameof(Chain); } // x is Chain", 0)]
    [InlineData("class Chain { bool Is(object x) => x is Chain; }", 0)]
    public void Nothing_else_is(string source, int count) => Assert.Equal(count, Found(source).Count());

    private static IEnumerable<string> Found(string source) =>
        TypeTests.In(source, new HashSet<string> { nameof(Chain) });
}
