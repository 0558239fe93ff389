using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Bijectors.Generators.Tests;

/// <summary>
/// Every rule has a page that tells the truth: its title, its severity, whether it has a fix, and two examples that
/// are compiled here.
/// </summary>
public class DiagnosticPageTests
{
    /// <summary>Rules whose pages are written and that nothing reports yet.</summary>
    public static TheoryData<string> Ids() => [.. Rules.All.Select(r => r.Id)];

    /// <summary>Rules with examples: nobody knows what makes the compiler fail.</summary>
    public static TheoryData<string> IdsWithExamples() =>
        [.. Rules.All.Where(r => r != Rules.Internal).Select(r => r.Id)];

    [Fact]
    public void There_is_one_page_for_each_rule() =>
        Assert.Equal(
            Rules.All.Select(r => $"{r.Id}.md").Append("README.md").Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Folder(), "*.md").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));

    [Fact]
    public void The_release_file_lists_the_rules_as_they_are()
    {
        var file =
            File.ReadAllText(Path.Combine(Root(), "src", "Bijectors.Generators", "AnalyzerReleases.Unshipped.md"));
        Assert.Equal(
            Rules.All.Select(r => $"{r.Id} | {r.Category} | {r.DefaultSeverity} | {r.Title}"),
            Regex.Matches(file, "^BIJ.*$", RegexOptions.Multiline).Select(m => m.Value.TrimEnd()));
    }

    [Fact]
    public void The_table_of_contents_agrees_with_the_rules()
    {
        var fixable = CodeFixTests.Ids().ToHashSet();
        Assert.Equal(
            Rules.All.Select(r =>
                $"| [{r.Id}]({r.Id}.md) | {Severity(r)} | {r.Title} | {(fixable.Contains(r.Id) ? "yes" : "no")} |"),
            Regex.Matches(Page("README"), "^\\| \\[BIJ.*$", RegexOptions.Multiline).Select(m => m.Value.TrimEnd()));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_page_begins_with_title_and_severity(string id)
    {
        var rule = Rules.All.Single(r => r.Id == id);
        Assert.StartsWith($"# {id}: {rule.Title}\n\nSeverity: {Severity(rule)}.\n", Page(id), StringComparison.Ordinal);
        Assert.Equal(rule.DefaultSeverity == DiagnosticSeverity.Warning,
            Page(id).Contains("## When to suppress it", StringComparison.Ordinal));
        Assert.Equal(CodeFixTests.Ids().Contains(id), Page(id).Contains("## Code fix", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(IdsWithExamples))]
    public void The_invalid_example_is_refused(string id)
    {
        var example = Example(id, "Invalid");
        // Without the generated half C# adds that members are missing.
        Assert.Equal([id], Build(example).Select(d => d.Id).Where(d => id != "BIJ0001" || d != "CS0534").Distinct());
    }

    [Theory]
    [MemberData(nameof(IdsWithExamples))]
    public void The_fixed_example_compiles_without_a_word(string id)
    {
        var example = Example(id, "Fixed");
        Assert.Empty(Build(example));
    }

    [Fact]
    public void The_poor_forms_are_listed()
    {
        var listed =
            Regex.Matches(Page("BIJ0301"), "^\\| `(.*?)` \\|", RegexOptions.Multiline).Select(m => m.Groups[1].Value);
        Assert.Equal(Numerics.PoorForm.All.Select(row => row.Poor), listed);
    }

    /// <summary>Builds an example, as the version of C# that its first line names.</summary>
    private static IReadOnlyList<Diagnostic> Build(string example)
    {
        var version = Regex.Match(example, "^// <LangVersion>(\\d+)</LangVersion>").Groups[1].Value;
        return !LanguageVersionFacts.TryParse(version, out var parsed)
            ? Compilations.Build(example, whole: true).Diagnostics
            : Compilations.Build(Compilations.OfFiles(
                new(parsed), "using Bijectors; using static TorchSharp.torch;\n" + example)).Diagnostics;
    }

    private static string Severity(DiagnosticDescriptor rule) =>
        rule.DefaultSeverity == DiagnosticSeverity.Error ? "error" : "warning";

    private static string Example(string id, string heading) =>
        Assert.Single(
            Regex.Matches(Page(id), $"## {heading}\n\n```csharp\n(.*?)```", RegexOptions.Singleline)).Groups[1].Value;

    private static string Page(string name) =>
        File.ReadAllText(Path.Combine(Folder(), name + ".md")).ReplaceLineEndings("\n");

    private static string Folder() => Path.Combine(Root(), "docs", "diagnostics");

    private static string Root([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
