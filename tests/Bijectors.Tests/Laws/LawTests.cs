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
