using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Bijectors.Generators.Tests.Emitted;

/// <summary>Emitted code is C# 12; what is older is refused in one sentence on the class.</summary>
public class LanguageVersionTests
{
    private const string Usings = "using System; using Bijectors; using TorchSharp; using static TorchSharp.torch;\n";

    private const string Nested = """
        [GeneratedBijector]
        public sealed partial class Several : Bijector
        {
            private readonly Bijector f = new Shift(1.0);
            private readonly Bijector g = new Shift(2.0);
            public Several() => RegisterComponents();
            public override int EventRank => 1;
            [Forward] private Tensor Map(Tensor x) { x = f.Forward(x); x = x + 1; x = g.Inverse(x); return x; }
        }

        [GeneratedBijector]
        public sealed partial class Exchanged : Bijector
        {
            public override int EventRank => 1;
            [Forward]
            private static Tensor Map(Tensor x)
            {
                var (a, b) = Parts.Halves(x);
                for (var i = 0; i < 3; i++) { b = b * torch.exp(torch.tanh(a)); (a, b) = (b, a); }
                return Parts.Join(a, b);
            }
        }
        """;

    // A scope of each kind that the emitter writes: solves, iterations, branches.
    private const string Solved = """
        [GeneratedBijector(Numerical = true)]
        public sealed partial class Solved : Bijector
        {
            private readonly int n = 2;
            public override int EventRank => 1;
            [Causal] private static Tensor Before(Tensor x) => x.cumsum(-1) - x;
            [Contractive(0.5)] private static Tensor Bend(Tensor x) => x.sin() / 2;
            [Monotone] private static Tensor Rise(Tensor x) => x + x.tanh();
            [Forward]
            private Tensor Map(Tensor x, Tensor? context)
            {
                x = x * torch.exp(Before(x).tanh());
                x = x + Bend(x);
                if (n > 1) { x = Rise(x); } else { x = -x; }
                return x;
            }
        }
        """;

    public static TheoryData<LanguageVersion> Enough() =>
        [LanguageVersion.CSharp12, LanguageVersion.CSharp13, LanguageVersion.Preview];

    public static TheoryData<LanguageVersion> TooOld() =>
        [LanguageVersion.CSharp11, LanguageVersion.CSharp10, LanguageVersion.CSharp9, LanguageVersion.CSharp8,
            LanguageVersion.CSharp7_3, LanguageVersion.CSharp7];

    [Theory]
    [MemberData(nameof(Enough))]
    public void Emitted_code_compiles(LanguageVersion version) =>
        SameValues.Check(
            version.ToDisplayString(), Compilations.OfFiles(new(version), Usings + Nested, Usings + Solved));

    [Theory]
    [MemberData(nameof(Enough))]
    public void Everything_that_is_reviewed_compiles(LanguageVersion version)
    {
        foreach (var row in SnapshotTests.Bijectors())
        {
            var source = "using System; using Bijectors; using TorchSharp; using static TorchSharp.torch; "
                + "namespace User;\n" + (string)((object[])row)[1];
            var (_, diagnostics, _) =
                Compilations.Build(Compilations.OfFiles(new(version), Compilations.Header, source));
            Assert.Equal([], diagnostics.Where(d => d.Id != "BIJ0401"));
        }
    }

    [Theory]
    [MemberData(nameof(TooOld))]
    public void An_older_version_is_named_on_the_class(LanguageVersion version)
    {
        const string Source = """
            using Bijectors; using static TorchSharp.torch;
            namespace User
            {
                public partial class Outer<T>
                {
                    [GeneratedBijector] public sealed partial class M : Bijector
                    {
                        [Forward] private static Tensor Map(Tensor x) { return x.exp(); }
                    }
                }
            }
            """;
        var parse = new CSharpParseOptions(version);
        var compilation = Compilations.OfFiles(parse, Source);
        var (_, diagnostics, _) = Compilations.Build(
            compilation.WithOptions(compilation.Options.WithNullableContextOptions(NullableContextOptions.Disable)));
        var only = Assert.Single(diagnostics);
        Assert.Equal("BIJ0006", only.Id);
        Assert.Equal("M", Source.Substring(only.Location.SourceSpan.Start, only.Location.SourceSpan.Length));
        Assert.Contains($"C# {version.ToDisplayString()};", only.GetMessage(null), StringComparison.Ordinal);
        Assert.Contains("<LangVersion>12</LangVersion>", only.GetMessage(null), StringComparison.Ordinal);
    }
}
