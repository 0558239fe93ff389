using System.Text.RegularExpressions;

namespace Bijectors.Tests;

/// <summary>
/// Every C# snippet in the README and the docs stands, to the letter, in an example or a test: what is shown compiles.
/// The pages of the diagnostics show what does not compile; the generator's tests run them.
/// </summary>
public class SnippetTests
{
    public static TheoryData<string> Documents() =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")
            .Append(Path.Combine(Repository.Root, "README.md")).Select(f => Path.GetRelativePath(Repository.Root, f))];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Snippets_are_compiled_somewhere(string document)
    {
        var compiled = new[] { "examples", "tests" }
            .SelectMany(folder =>
                Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains(
                $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(file => Folded(File.ReadAllText(file))).ToList();
        var snippets = Regex.Matches(File.ReadAllText(Path.Combine(Repository.Root, document)),
            "```csharp\r?\n(.*?)```", RegexOptions.Singleline)
            .Select(match => match.Groups[1].Value);
        Assert.All(snippets, snippet =>
            Assert.True(compiled.Any(text => text.Contains(Folded(snippet), StringComparison.Ordinal)), snippet));
    }

    private static string Folded(string text) => Regex.Replace(text, @"\s+", " ").Trim();
}
