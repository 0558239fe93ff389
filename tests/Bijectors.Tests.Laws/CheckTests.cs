using Bijectors.Testing;

namespace Bijectors.Tests.Laws;

/// <summary>
/// All laws in one go, as users check them: they share what is drawn and what is known of it. With other parameters and
/// points than the laws one by one, and on a share of the catalogue where the environment names none; .ci/variants
/// names larger ones.
/// </summary>
public sealed class CheckTests
{
    public static TheoryData<string> Names => [.. Catalogue.Share("0/8")];

    [Theory]
    [MemberData(nameof(Names))]
    public void AcceptsWhatIsRight(string bijector)
    {
        var entry = Catalogue.All.Single(entry => entry.Name == bijector);
        BijectorLaws.Check(new LawCase(entry.Make, entry.Shape, entry.ContextSize, seed: 3));
    }
}
