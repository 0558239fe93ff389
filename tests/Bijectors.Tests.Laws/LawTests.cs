using System.Text.RegularExpressions;
using Bijectors.Testing;

namespace Bijectors.Tests.Laws;

/// <summary>Every law on every bijector of the catalogue. There are no exemptions.</summary>
public sealed class LawTests
{
    private static readonly LawTheory s_catalogue = Theory();

    public static IEnumerable<object[]> Pairs => s_catalogue;

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Holds(string law, string bijector) => s_catalogue.Check(law, bijector);

    [Fact]
    public void Each_stands_in_the_docs_as_it_states_itself_in_the_order_of_the_checks()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "property-testing.md"));
        var rows = Regex.Matches(page, @"^\| (\w+) \| (.*) \|\r?$", RegexOptions.Multiline).Select(row =>
            (Law: row.Groups[1].Value, States: row.Groups[2].Value.Replace(@"\|", "|", StringComparison.Ordinal)));
        Assert.Equal(BijectorLaws.All.Select(law => (law.Name, law.Statement)),
            rows.Where(row => BijectorLaws.All.Any(law => law.Name == row.Law)));
    }

    private static LawTheory Theory()
    {
        var theory = new LawTheory();
        foreach (var (name, make, shape, contextSize) in Catalogue.All)
        {
            theory.Add(name, make, shape, contextSize);
        }

        return theory;
    }
}
