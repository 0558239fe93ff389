using System.Collections.Immutable;
using Bijectors.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Bijectors.Benchmarks.Compiling;

/// <summary>
/// A user's project as the compiler sees it: files, references to Core and TorchSharp, the generator and the analyzers.
/// </summary>
internal static class Project
{
    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.Latest);

    // Read once, as a compiler server does.
    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => IsReferenced(Path.GetFileNameWithoutExtension(path)))
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>The analyzers that come with the generator.</summary>
    public static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } =
    [
        .. typeof(BijectorGenerator).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract)
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    /// <summary>Parses files.</summary>
    public static IReadOnlyList<SyntaxTree> Parse(IEnumerable<(string Name, string Text)> files) =>
        [.. files.Select(file => CSharpSyntaxTree.ParseText(file.Text, s_parse, file.Name))];

    /// <summary>A compilation in which nothing has been bound yet.</summary>
    public static CSharpCompilation Compilation(IEnumerable<SyntaxTree> trees) => CSharpCompilation.Create(
        "User", trees, s_references,
        new(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
            nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>The generator, which has run on nothing yet.</summary>
    public static GeneratorDriver Driver() =>
        CSharpGeneratorDriver.Create([new BijectorGenerator().AsSourceGenerator()], parseOptions: s_parse);

    /// <summary>Compiles to a library.</summary>
    /// <exception cref="InvalidOperationException">The compiler has something to say.</exception>
    public static long Emit(Compilation compilation)
    {
        using var library = new MemoryStream();
        Check(compilation.Emit(library).Diagnostics);
        return library.Length;
    }

    /// <summary>Runs analyzers.</summary>
    /// <returns>How long each was at work, on all threads together.</returns>
    /// <exception cref="InvalidOperationException">One has something to say.</exception>
    public static IReadOnlyList<(string Analyzer, double Milliseconds)> Analyze(
        Compilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers)
    {
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), onAnalyzerException: null, concurrentAnalysis: true,
            logAnalyzerExecutionTime: true);
        var result = compilation.WithAnalyzers(analyzers, options).GetAnalysisResultAsync(CancellationToken.None)
            .GetAwaiter().GetResult();
        Check(result.GetAllDiagnostics());
        return [.. result.AnalyzerTelemetryInfo.Select(
            entry => (entry.Key.GetType().Name, entry.Value.ExecutionTime.TotalMilliseconds))];
    }

    private static bool IsReferenced(string assembly) =>
        assembly is "TorchSharp" or "Bijectors.Core" or "mscorlib" or "netstandard"
        || assembly.StartsWith("System", StringComparison.Ordinal);

    private static void Check(IEnumerable<Diagnostic> diagnostics)
    {
        if (diagnostics.FirstOrDefault(d => d.Severity >= DiagnosticSeverity.Warning) is { } first)
        {
            throw new InvalidOperationException($"{first}\n{first.Location.SourceTree}");
        }
    }
}
