using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Bijectors.Tests.Reference;

/// <summary>The page of reference values tells of every case there is, and what it says holds a case does.</summary>
public sealed class ReferencePageTests
{
    private static readonly string[][] s_computed = Table("Computed cases");

    [Fact]
    public void Every_file_is_a_case_of_the_page_and_every_case_a_file() => Assert.Equal(
        Directory.EnumerateFiles(Path.Combine(Folder(), "Cases")).Select(Path.GetFileNameWithoutExtension)
            .Order(StringComparer.Ordinal),
        s_computed.Select(Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_case_is_read_by_the_tests_that_hold_it() => Assert.All(
        s_computed, row => Assert.Contains($"\"{Name(row)}\"", Source(row[2]), StringComparison.Ordinal));

    [Fact]
    public void Every_published_value_names_its_tests() => Assert.All(
        Table("Published values"), row => Assert.Contains($"class {row[2]}", Source(row[2]), StringComparison.Ordinal));

    [Fact]
    public void What_is_missing_is_not_among_the_files()
    {
        var missing = Table("Not here yet")
            .SelectMany(row => Regex.Matches(row[0], "`(\\w+)`").Select(match => match.Groups[1].Value)).ToList();
        Assert.NotEmpty(missing);
        Assert.Equal([], missing.Intersect(s_computed.Select(Name)));
    }

    private static string Name(string[] row) => Regex.Match(row[0], "`(\\w+)`").Groups[1].Value;

    /// <summary>The text of the one file of tests with that name.</summary>
    private static string Source(string tests) => File.ReadAllText(Assert.Single(
        Directory.EnumerateFiles(Path.Combine(Folder(), "..", ".."), tests + ".cs", SearchOption.AllDirectories)));

    private static string[][] Table(string title)
    {
        var page = File.ReadAllText(Path.Combine(Folder(), "..", "..", "..", "docs", "reference-values.md"));
        var section = page.Split("\n## ").Single(part => part.StartsWith(title, StringComparison.Ordinal));
        string[][] rows = [.. section.Split('\n').Where(line => line.StartsWith('|')).Skip(2)
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])];
        Assert.NotEmpty(rows);
        return rows;
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
