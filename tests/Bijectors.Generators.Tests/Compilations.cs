using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.Generators.Tests;

/// <summary>
/// Compiles snippets against Core with the generator and the analyzers in place, as a user's build does.
/// </summary>
internal static class Compilations
{
    public const string Header = """
        using Bijectors;
        using TorchSharp;
        using static TorchSharp.torch;
        namespace User;

        public sealed class Net : nn.Module
        {
            public Net() : base("net") { }
            public (Tensor, Tensor) ScaleAndShift(Tensor a, Tensor? context) => (a.tanh(), a.clone());
            public Tensor Evaluate(Tensor a) => a.tanh();
            [return: Positive] public Tensor Rate(Tensor a) => a.exp();
        }

        """;

    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.Latest);

    private static readonly ImmutableArray<DiagnosticAnalyzer> s_analyzers =
    [
        .. typeof(BijectorAnalyzer).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !t.IsAbstract)
            .Select(t => (DiagnosticAnalyzer)Activator.CreateInstance(t)!),
    ];

    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("Bijectors.Generators", StringComparison.Ordinal))
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>A compilation of the header and the snippet, not yet through the generator.</summary>
    public static CSharpCompilation Of(params string[] sources) => OfFiles(
        s_parse, [Header, .. sources.Select(s =>
            "using System; using Bijectors; using TorchSharp; using static TorchSharp.torch; namespace User;\n" + s)]);

    /// <summary>
    /// A compilation of whole files, <c>User0.cs</c>, <c>User1.cs</c> and so on; a header comes first
    /// where there is one.
    /// </summary>
    public static CSharpCompilation OfFiles(CSharpParseOptions parse, params IEnumerable<string> files) =>
        CSharpCompilation.Create(
            "User" + Guid.NewGuid().ToString("N"),
            files.Select((source, i) => Parse(source, source == Header ? "Header.cs" : $"User{i}.cs", parse)),
            s_references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    public static GeneratorDriver Driver(bool track = false, CSharpParseOptions? parse = null) =>
        CSharpGeneratorDriver.Create(
            [new BijectorGenerator().AsSourceGenerator()], parseOptions: parse ?? s_parse,
            driverOptions: new GeneratorDriverOptions(
                IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: track));

    /// <summary>
    /// The emitted files, and everything the build reports: the C# compiler, the generator and the analyzers.
    /// </summary>
    /// <param name="source">The snippet.</param>
    /// <param name="whole">Whether it is a whole class; snippets of the forward language leave out the constructor that
    /// registers their fields.</param>
    public static (IReadOnlyList<string> Emitted, IReadOnlyList<Diagnostic> Diagnostics) Build(
        string source, bool whole = false)
    {
        var (emitted, diagnostics, _) = Build(Of(source));
        return (emitted, [.. diagnostics.Where(d => whole || d.Id != "BIJ0401")]);
    }

    /// <summary>The same of a whole compilation, and the compilation with the emitted files in it.</summary>
    public static (IReadOnlyList<string> Emitted, IReadOnlyList<Diagnostic> Diagnostics, Compilation Compilation) Build(
        CSharpCompilation compilation)
    {
        var parse = (CSharpParseOptions)compilation.SyntaxTrees[0].Options;
        var driver =
            Driver(parse: parse).RunGeneratorsAndUpdateCompilation(compilation, out var updated, out var fromGenerator);
        var analyzed = updated.WithAnalyzers(s_analyzers).GetAllDiagnosticsAsync().GetAwaiter().GetResult();
        return (
            [.. driver.GetRunResult().GeneratedTrees.Select(t => t.ToString())],
            [.. analyzed.Concat(fromGenerator).Where(d => d.Severity >= DiagnosticSeverity.Warning && !d.IsSuppressed)],
            updated);
    }

    private static SyntaxTree Parse(string source, string path, CSharpParseOptions parse) =>
        CSharpSyntaxTree.ParseText(SourceText.From(source), parse, path);
}
