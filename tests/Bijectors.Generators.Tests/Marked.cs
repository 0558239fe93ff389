namespace Bijectors.Generators.Tests;

/// <summary>Snippets in which [| and |] stand around the place where a diagnostic is expected.</summary>
internal static class Marked
{
    /// <summary>The snippet as it is compiled.</summary>
    public static string Plain(string source) =>
        source.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal);

    /// <summary>Checks that a snippet yields one diagnostic, between the marks.</summary>
    public static void Fires(string id, string what, string source)
    {
        var (_, diagnostics) = Compilations.Build(Plain(source), whole: true);
        Assert.True(diagnostics.Count == 1, $"{what}: {string.Join('\n', diagnostics)}");
        Assert.True(diagnostics[0].Id == id, $"{what}: {diagnostics[0]}");

        // The file begins with a line of usings.
        var span = diagnostics[0].Location.SourceSpan;
        var line = diagnostics[0].Location.SourceTree!.ToString().IndexOf('\n', StringComparison.Ordinal) + 1;
        Assert.Equal(source, Plain(source).Insert(span.End - line, "|]").Insert(span.Start - line, "[|"));
    }

    /// <summary>Checks that a snippet compiles without a word.</summary>
    public static void Silent(string what, string source)
    {
        var (_, diagnostics) = Compilations.Build(source, whole: true);
        Assert.True(diagnostics.Count == 0, $"{what}: {string.Join('\n', diagnostics)}");
    }
}
