using System.Text.RegularExpressions;

namespace Bijectors.Tests;

/// <summary>
/// Every snippet of C# and F# in the README and the docs stands, line by line, in an example or a test: what is shown
/// compiles. Only the indentation that the lines have in common there is left out. The pages of the diagnostics show
/// what does not compile; the generator's tests run them.
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
        var compiled = Repository.Files(".cs", "examples", "tests").Concat(Repository.Files(".fs", "examples", "tests"))
            .Select(File.ReadAllLines).ToList();
        var snippets = Regex.Matches(File.ReadAllText(Path.Combine(Repository.Root, document)),
            "```[cf]sharp\r?\n(.*?)```", RegexOptions.Singleline)
            .Select(match => match.Groups[1].Value.TrimEnd().ReplaceLineEndings("\n").Split('\n'));
        Assert.All(snippets, snippet =>
            Assert.True(compiled.Any(source => Stands(snippet, source)), string.Join('\n', snippet)));
    }

    [Theory]
    [InlineData("A();\nB();", true)]
    [InlineData("if (a)\n{\n    A();\n}", true)]
    [InlineData("A();", true)]
    [InlineData("A();\n    B();", false)]
    [InlineData("    A();\n    B();", false)]
    [InlineData("A(); B();", false)]
    [InlineData("A();\n\nB();", false)]
    [InlineData("C();", false)]
    public void A_snippet_is_found_by_its_lines(string snippet, bool stands) => Assert.Equal(
        stands,
        Stands(
            snippet.Split('\n'), ["{", "    A();", "    B();", "    if (a)", "    {", "        A();", "    }", "}"]));

    private static bool Stands(string[] snippet, string[] source) =>
        Enumerable.Range(0, Math.Max(0, source.Length - snippet.Length + 1)).Any(first =>
            source[first].EndsWith(snippet[0], StringComparison.Ordinal)
            && Unindented(source[first..(first + snippet.Length)]).SequenceEqual(snippet));

    private static IEnumerable<string> Unindented(string[] lines)
    {
        var indentation = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart(' ').Length);
        return lines.Select(line => line.Length > 0 ? line[indentation..] : line);
    }
}
