using System.Text.RegularExpressions;

namespace Bijectors.Tests.Architecture;

/// <summary>No line of C# or F#, and none of prose in a document, is longer than 120 characters.</summary>
public sealed class LineLengthTests
{
    private const int Most = 120;

    /// <summary>All but the snapshots of emitted code, which are kept as they are emitted.</summary>
    [Fact]
    public void No_line_of_a_source_is_longer() => Check(
        Repository.Files(".cs").Concat(Repository.Files(".fs"))
            .Where(file => !file.EndsWith(".verified.cs", StringComparison.Ordinal)),
        Long);

    [Fact]
    public void No_line_of_a_document_is_longer() => Check(Repository.Files(".md"), LongProse);

    [Theory]
    [InlineData(120, "")]
    [InlineData(121, "2")]
    public void A_long_line_is_found(int length, string expected) =>
        Assert.Equal(expected, string.Join(' ', Long(["", new string('x', length), "", ""])));

    [Fact]
    public void Prose_is_what_is_no_code_no_row_of_a_table_and_no_single_word()
    {
        var words = string.Join(' ', Enumerable.Repeat("words", 21));
        var link = $"[link](https://{new string('x', Most)})";
        Assert.Equal(
            [1, 5, 8, 10],
            LongProse(
                [words, "```", words, "```", words, $"| {words} |", link, $"- {words}", $"- {link}", $"# {words}"]));
    }

    private static void Check(IEnumerable<string> files, Func<string[], IEnumerable<int>> longLines)
    {
        var found = files.Order(StringComparer.Ordinal).SelectMany(file => longLines(File.ReadAllLines(file))
            .Select(line => $"{Path.GetRelativePath(Repository.Root, file)}:{line}")).ToList();
        Assert.True(found.Count == 0, $"Expected lines of at most {Most} characters; wrap\n{string.Join('\n', found)}");
    }

    /// <summary>The numbers of the lines that are too long, from 1.</summary>
    private static IEnumerable<int> Long(string[] lines) =>
        lines.Index().Where(line => line.Item.Length > Most).Select(line => line.Index + 1);

    /// <summary>The same without what cannot be wrapped: code, tables, and a single word such as a link.</summary>
    private static IEnumerable<int> LongProse(string[] lines)
    {
        var fences = 0;
        var prose = lines.Select(line =>
        {
            var isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            fences += isFence ? 1 : 0;
            return isFence || fences % 2 == 1 || Regex.IsMatch(line, @"^\s*(\||([-*] |\d+\. )?\S+$)") ? "" : line;
        });
        return Long([.. prose]);
    }
}
