using Bijectors.Testing;

namespace Bijectors.Tests.Laws;

/// <summary>All laws in one go, on a bijector of each kind: they share what is drawn and what is known of it.</summary>
public sealed class CheckTests
{
    [Theory]
    [InlineData("Reciprocal")]
    [InlineData("Erf")]
    [InlineData("Scale of a scalar")]
    [InlineData("Permute, random, of channels")]
    [InlineData("Patchify")]
    [InlineData("PluLinear of size 1")]
    [InlineData("AffineCoupling, conditional")]
    [InlineData("SplineCoupling of an odd size, conditional")]
    [InlineData("ResidualLayer of the rows of a table")]
    [InlineData("MaskedAutoregressive, conditional")]
    [InlineData("~Chain")]
    [InlineData("Along columns, conditional")]
    [InlineData("Parallel with two domains")]
    [InlineData("FactorOut, conditional")]
    public void AcceptsWhatIsRight(string bijector)
    {
        var entry = Catalogue.All.Single(entry => entry.Name == bijector);
        BijectorLaws.Check(new LawCase(entry.Make, entry.Shape, entry.ContextSize, seed: 3));
    }
}
