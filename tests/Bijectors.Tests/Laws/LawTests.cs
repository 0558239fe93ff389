using Bijectors.Testing;

namespace Bijectors.Tests.Laws;

/// <summary>Every law on every bijector of the catalogue.</summary>
public sealed class LawTests
{
    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var entry in Catalogue.All)
            {
                foreach (var law in BijectorLaws.All)
                {
                    pairs.Add(law.Name, entry.Name);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Holds(string law, string bijector)
    {
        var entry = Catalogue.All.Single(entry => entry.Name == bijector);
        BijectorLaws.All.Single(l => l.Name == law).Check(new LawCase(entry.Make, entry.Shape, entry.ContextSize));
    }
}
