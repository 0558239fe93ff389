using System.Globalization;

namespace Bijectors.Generators.Tests;

/// <summary>What the generator emits and reports is the same in every culture of a compiler's process.</summary>
public sealed class CultureTests
{
    private const string Causal = """
        [GeneratedBijector]
        public sealed partial class Auto : Bijector
        {
            public override int EventRank => 1;
            [Causal] private static Tensor Before(Tensor x) => torch.cumsum(x, -1) - x;
            [Forward] private static Tensor Map(Tensor x) => x + torch.sin(Before(x));
        }
        """;

    private const string Numbers = """
        [GeneratedBijector]
        public sealed partial class Numbers : Bijector
        {
            [Forward] private static Tensor Map(Tensor x) => -1.5 * torch.tanh(torch.sinh(-2.25 * x) - 1e-3) + 1e-7;
        }
        """;

    private const string Literals = """
        [GeneratedBijector]
        public sealed partial class Literals : Bijector
        {
            public override int EventRank => 2;
            [Causal(-2)] private static Tensor Rows(Tensor x, double k) => k * (torch.cumsum(x, -2) - x);
            [Contractive(0.0625)]
            private static Tensor Bend(Tensor x, int axis, float k) => x.flip(axis).sin() * k * 0.0625;
            [Forward]
            private static Tensor Map(Tensor x)
            {
                const float f = -0.1f;
                var n = -3;
                const long l = -5000000000;
                x = x + torch.tanh(Rows(x, -1e-300));
                x = x + Bend(x, -1, 0.5f);
                x = Parts.Roll(Parts.Permute(x, -1, -2), -1, -1) * -1e300 - 1.7976931348623157E+308 + f + n * -2 + l;
                for (var i = -3; i <= -1; i++) { x = x * torch.exp(i * torch.ones(1)) - 0.5; }
                return torch.pow(torch.exp(x * 1e-3), -2.5);
            }
        }
        """;

    private const string Axes = """
        [GeneratedBijector]
        public sealed partial class Axes : Bijector
        {
            public override int EventRank => 3;
            [Forward]
            private static Tensor Map(Tensor x)
            {
                x = Parts.MoveDim(x, -3, -1);
                var (a, b) = Parts.Halves(x);
                b = b * torch.exp(-a);
                x = Parts.Join(a, b);
                return Parts.MoveDim(x, -1, -3);
            }
        }
        """;

    private const string Refused = """
        [GeneratedBijector]
        public sealed partial class Refused : Bijector
        {
            [Forward] private static Tensor Map(Tensor x) => torch.log(torch.sigmoid(x) - 1.5) * 0.0;
        }
        """;

    public static TheoryData<string> Sources => [Causal, Numbers, Literals, Axes, Refused,
        .. SnapshotTests.Bijectors().Select(row => (string)((object[])row)[1])];

    [Theory]
    [MemberData(nameof(Sources))]
    public void Emitted_code_and_messages_are_those_of_the_invariant_culture(string source)
    {
        var foreign = Signs("\u2212", ",", "+");
        (foreign.NumberFormat.PositiveInfinitySymbol, foreign.NumberFormat.NegativeInfinitySymbol) = ("∞", "\u2212∞");
        var expected = Build(source);
        Assert.NotEqual("", expected);
        Assert.Equal(expected, In(foreign, () => Build(source)));
    }

    [Fact]
    public void Emitted_code_is_the_same_in_every_culture()
    {
        var compilations = Sources.Cast<object[]>().Select(row => Compilations.Of((string)row[0])).ToList();
        string Emit() => string.Join(
            "\n", compilations.SelectMany(c => Compilations.Driver().RunGenerators(c).GetRunResult().GeneratedTrees
                .AsEnumerable()).Select(t => $"{t.FilePath}\n{t}"));

        var expected = In(CultureInfo.InvariantCulture, Emit);
        Assert.Contains("-1, this.OutputEventRank", expected, StringComparison.Ordinal);
        Assert.Contains("-2.25", expected, StringComparison.Ordinal);
        Assert.All(Cultures(), culture => Assert.Equal(expected, In(culture, Emit)));
    }

    /// <summary>
    /// The cultures that write numbers in different ways: those of the runtime, and by hand those of its tables,
    /// which may be absent.
    /// </summary>
    private static IEnumerable<CultureInfo> Cultures() =>
    [
        .. CultureInfo.GetCultures(CultureTypes.AllCultures).DistinctBy(c => (
            c.NumberFormat.NegativeSign, c.NumberFormat.NumberDecimalSeparator, c.NumberFormat.PositiveSign,
            c.NumberFormat.NegativeInfinitySymbol, c.NumberFormat.NaNSymbol)),
        Signs("-", ",", "+"), Signs("\u061c-", "\u066b", "\u061c+"), Signs("\u200e-", ".", "\u200e+"),
        Signs("\u200e-", ",", "\u200e+"), Signs("\u200f-", "\u066b", "\u200f+"), Signs("\u2212", ",", "+"),
        Signs("\u2212", ".", "+"), Signs("\u200e\u2212", "\u066b", "\u200e+"),
        Signs("\u200e-\u200e", "\u066b", "\u200e+\u200e"),
    ];

    private static CultureInfo Signs(string negative, string separator, string positive)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NegativeSign, culture.NumberFormat.NumberDecimalSeparator,
            culture.NumberFormat.PositiveSign) = (negative, separator, positive);
        return culture;
    }

    private static string In(CultureInfo culture, Func<string> text)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture);
        (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture) = (culture, culture);
        try
        {
            return text();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture) = before;
        }
    }

    private static string Build(string source)
    {
        var (emitted, diagnostics) = Compilations.Build(source);
        return string.Join(
            "\n", emitted.Concat(diagnostics.Select(d => $"{d.Id}: {d.GetMessage(CultureInfo.InvariantCulture)}")));
    }
}
