using static TorchSharp.torch;

namespace Bijectors.Tests.Numerics;

/// <summary>Every entry of the catalogue is as exact as <c>docs/numerics.md</c> states.</summary>
public sealed class NumericalContractTests
{
    private const string Again = "dotnet run -c Release --project tests/Bijectors.Numerics -- --write";

    private static readonly IReadOnlyDictionary<(Region Region, ScalarType DType, string Name), Stated> s_stated =
        NumericsPage.Read();

    public static IEnumerable<object[]> Entries => Catalogue.All.Select(entry => new object[] { entry.Name });

    [Theory]
    [MemberData(nameof(Entries))]
    public void Errors_stay_within_the_stated_bounds(string name)
    {
        var entry = Catalogue.All.Single(entry => entry.Name == name);
        foreach (var dtype in NumericsPage.DTypes)
        {
            foreach (var (region, measured) in Measurement.Of(entry, dtype))
            {
                var stated = s_stated[(region, dtype, name)];
                Check(measured.RoundTrip, stated.RoundTrip, $"{dtype}, {region}: round trip");
                Check(measured.LogDet, stated.LogDet, $"{dtype}, {region}: log-det");
            }
        }
    }

    [Fact]
    public void Every_entry_stands_on_the_page_and_nothing_else()
    {
        var expected = Catalogue.All.SelectMany(entry => NumericsPage.DTypes.SelectMany(
            dtype => Enum.GetValues<Region>().Select(region => (region, dtype, entry.Name))));
        Assert.True(s_stated.Keys.ToHashSet().SetEquals(expected), $"The page is of another catalogue; run {Again}");
    }

    private static void Check(Error error, StatedError stated, string what)
    {
        Assert.True(
            stated.Holds(error),
            FormattableString.Invariant($"{what}: {error.Worst:0.0e-0}, at most {stated.Bound:0e-0} stated; ")
            + $"where that is no mistake, run {Again}");
        Assert.True(error.OfRounding <= 1,
            FormattableString.Invariant($"{what}: {error.OfRounding:0.00} times what rounding explains"));
    }
}
