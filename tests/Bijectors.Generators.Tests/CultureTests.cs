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
            [Forward] private static Tensor Map(Tensor x) => -1.5 * torch.tanh(torch.nn.functional.leaky_relu(torch.sinh(-2.25 * x), 0.125) - 1e-3) + 1e30;
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

    public static TheoryData<string> Sources => [Causal, Numbers, Axes, Refused, .. SnapshotTests.Bijectors().Select(row => (string)((object[])row)[1])];

    [Theory]
    [MemberData(nameof(Sources))]
    public void Emitted_code_and_messages_are_those_of_the_invariant_culture(string source)
    {
        var expected = Build(source);
        Assert.NotEqual("", expected);
        var before = (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture);
        var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (foreign.NumberFormat.NegativeSign, foreign.NumberFormat.NumberDecimalSeparator) = ("\u2212", ",");
        (foreign.NumberFormat.PositiveInfinitySymbol, foreign.NumberFormat.NegativeInfinitySymbol) = ("∞", "\u2212∞");
        (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture) = (foreign, foreign);
        try
        {
            Assert.Equal(expected, Build(source));
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture) = before;
        }
    }

    private static string Build(string source)
    {
        var (emitted, diagnostics) = Compilations.Build(source);
        return string.Join("\n", emitted.Concat(diagnostics.Select(d => $"{d.Id}: {d.GetMessage(CultureInfo.InvariantCulture)}")));
    }
}
