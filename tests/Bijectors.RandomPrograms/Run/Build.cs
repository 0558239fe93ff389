using System.Collections.Immutable;
using System.Globalization;
using Bijectors.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.RandomPrograms.Run;

/// <summary>
/// Compiles programs with the generator and the analyzer in place, as a user's build does, many in one compilation.
/// </summary>
internal sealed class Build
{
    // The least version that emitted code needs, and the newest that there is.
    private static readonly CSharpParseOptions[] s_versions =
        [new(LanguageVersion.CSharp12), new(LanguageVersion.Preview)];

    private static readonly CultureInfo[] s_cultures =
        [CultureInfo.InvariantCulture, Culture("\u2212", ","), Culture("\u200e-", "\u066b")];

    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("Bijectors.Generators", StringComparison.Ordinal))
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)),
    ];

    private readonly Compilation _compilation;

    private Build(Compilation compilation, IReadOnlyList<Diagnostic> diagnostics) =>
        (_compilation, Diagnostics) = (compilation, diagnostics);

    /// <summary>Everything of weight that the C# compiler, the generator and the analyzer report.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>Builds classes from their names and files.</summary>
    /// <remarks>Which version of the language and which culture is told by the names, so that a failure
    /// comes back.</remarks>
    public static Build Of(IReadOnlyList<(string Name, string Source)> files)
    {
        var choice = files.Sum(file => file.Name.Sum(c => c));
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = s_cultures[choice % s_cultures.Length];
            return Of(files, s_versions[choice % s_versions.Length]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static Build Of(IReadOnlyList<(string Name, string Source)> files, CSharpParseOptions parse)
    {
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
        var compilation = CSharpCompilation.Create(
            "Drawn" + Guid.NewGuid().ToString("N"),
            files.Select(f => CSharpSyntaxTree.ParseText(SourceText.From(f.Source), parse, f.Name + ".cs")),
            s_references,
            options);
        var driver = CSharpGeneratorDriver.Create([new BijectorGenerator().AsSourceGenerator()], parseOptions: parse);
        driver.RunGeneratorsAndUpdateCompilation(compilation, out var updated, out var fromGenerator);
        var analyzed =
            updated.WithAnalyzers([new BijectorAnalyzer()]).GetAllDiagnosticsAsync().GetAwaiter().GetResult();
        return new(updated, [.. analyzed.Concat(fromGenerator).Where(d => d.Severity >= DiagnosticSeverity.Warning)]);
    }

    /// <summary>What was reported of one class, in its own file or in the emitted half.</summary>
    public IReadOnlyList<Diagnostic> Of(string name) =>
        [.. Diagnostics.Where(
            d => Path.GetFileName(d.Location.SourceTree?.FilePath ?? d.Location.GetLineSpan().Path) is { } file
                && (file == name + ".cs" || IsEmitted(file, name)))];

    /// <summary>What was reported of no class: exceptions inside the generator and the analyzer.</summary>
    public IReadOnlyList<Diagnostic> OfNone =>
        [.. Diagnostics.Where(d => d.Id is "CS8785" or "AD0001" || d.Location == Location.None)];

    /// <summary>The emitted half of one class.</summary>
    public string Emitted(string name) =>
        _compilation.SyntaxTrees.FirstOrDefault(t => IsEmitted(Path.GetFileName(t.FilePath), name))?.ToString() ?? "";

    private static bool IsEmitted(string file, string name) =>
        file.StartsWith($"Drawn.{name}.", StringComparison.Ordinal) && file.EndsWith(".g.cs", StringComparison.Ordinal);

    /// <summary>The assembly, of classes that have no errors.</summary>
    public byte[] Assembly()
    {
        using var stream = new MemoryStream();
        var result = _compilation.Emit(stream);
        return result.Success ? stream.ToArray() : throw new InvalidOperationException(
            string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
    }

    private static CultureInfo Culture(string negative, string point)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = negative;
        culture.NumberFormat.NumberDecimalSeparator = point;
        return culture;
    }
}
