using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Bijectors.Generators.Tests.Emitted;

/// <summary>
/// What a body warns of is said in the body, where it can be answered, and not again in the emitted file,
/// where it cannot.
/// </summary>
public class WarningTests
{
    private const string Usings = "using System; using System.Diagnostics.CodeAnalysis; using Bijectors; "
        + "using TorchSharp; using static TorchSharp.torch;\n";

    public static TheoryData<string, string> Warnings() => new()
    {
        { "CS0618", "[Obsolete(\"use other\")] private readonly double k = 2; "
            + "[Forward] private Tensor Map(Tensor x) => x + k;" },
        { "CS0612", "[Obsolete] private static double K() => 2; [Forward] private Tensor Map(Tensor x) => x + K();" },
        { "EXP1", "[Experimental(\"EXP1\")] private static double K() => 2; "
            + "[Forward] private Tensor Map(Tensor x) => x + K();" },
        { "MINE_07", "[Experimental(\"MINE_07\")] private sealed class Box { public double K => 2; } "
            + "[Forward] private Tensor Map(Tensor x) => x + new Box().K;" },
        { "CS0162", "private const bool On = false; [Forward] private Tensor Map(Tensor x) { "
            + "if (On) { x = -x; } return x + 1; }" },
        { "CS0162", "private const int N = 0; [Forward] private Tensor Map(Tensor x) { if (N > 1) { "
            + "for (var i = 0; i < N; i++) { x = x * 2; } } return x + (N > 1 ? 1.0 : 2.0); }" },
        { "CS8604", "private static readonly string? s = null; private static double K(string s) => 2; "
            + "[Forward] private Tensor Map(Tensor x) => x + K(s);" },
        { "CS8602", "private static readonly double[]? s = [1]; [Forward] private Tensor Map(Tensor x) => x + s[0];" },
        { "CS0252", "private static readonly object o = \"a\"; "
            + "[Forward] private Tensor Map(Tensor x) => x + (o == \"a\" ? 1.0 : 2.0);" },
        { "CS1718",
            "private static readonly int n = 1; [Forward] private Tensor Map(Tensor x) => x + (n == n ? 1.0 : 2.0);" },
        { "CS0078", "[Forward] private Tensor Map(Tensor x) => x + 4l;" },
    };

    [Theory]
    [MemberData(nameof(Warnings))]
    public void A_warning_is_said_once_and_can_be_silenced_where_it_stands(string id, string members)
    {
        var source = $"[GeneratedBijector] public sealed partial class M : Bijector {{ "
            + $"public override int EventRank => 1; {members} }}";
        var (_, loud, _) = Compilations.Build(Strict(Usings + source));
        Assert.NotEmpty(loud);
        Assert.All(loud, d => Assert.Equal((id, "User0.cs"), (d.Id, d.Location.SourceTree!.FilePath)));
        SameValues.Check(id, Strict($"#pragma warning disable {id}\n" + Usings + source));
    }

    [Fact]
    public void Emitted_code_has_no_warnings_of_its_own()
    {
        // All warnings that there are, as errors; the classes say nothing of what their files would be told.
        foreach (var row in SnapshotTests.Bijectors())
        {
            var source = "using System; using Bijectors; using TorchSharp; using static TorchSharp.torch; "
                + "namespace User;\n" + (string)((object[])row)[1];
            var compilation = Strict(Compilations.Header, source);
            var (_, diagnostics, _) =
                Compilations.Build(compilation.WithOptions(compilation.Options.WithWarningLevel(9999)));
            Assert.Equal([], diagnostics.Where(
                d => d.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) != false));
        }
    }

    private static CSharpCompilation Strict(params string[] files)
    {
        var compilation = Compilations.OfFiles(SameValues.Latest, files);
        return compilation.WithOptions(compilation.Options.WithGeneralDiagnosticOption(ReportDiagnostic.Error));
    }
}
