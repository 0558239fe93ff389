using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bijectors.Tests.Architecture;

/// <summary>The source files that list the pieces of a kind, so that a new one must be put there.</summary>
internal static class Registries
{
    // A list that has left one of many out is one still.
    private const double Most = 0.9;

    private static readonly Lazy<(string File, SyntaxNode Root)[]> s_sources = new(() => [.. Sources()]);

    /// <summary>
    /// Files of <c>src</c> and <c>tests</c> with a list, switch or enum that names most of the pieces.
    /// </summary>
    /// <param name="pieces">Their names, as identifiers or as strings.</param>
    public static IEnumerable<string> Of(IReadOnlyCollection<string> pieces) => s_sources.Value
        .Where(source => In(source.Root, pieces)).Select(source => source.File);

    /// <summary>The same of one text.</summary>
    public static bool In(string source, IReadOnlyCollection<string> pieces) =>
        In(CSharpSyntaxTree.ParseText(source).GetRoot(), pieces);

    private static bool In(SyntaxNode root, IReadOnlyCollection<string> pieces) => root.DescendantNodes()
        .Where(IsList)
        .Any(list => Names(list).Intersect(pieces).Count() >= Most * pieces.Count);

    private static bool IsList(SyntaxNode node) => node
        is CollectionExpressionSyntax or InitializerExpressionSyntax or SwitchExpressionSyntax or SwitchStatementSyntax
        or EnumDeclarationSyntax or AttributeListSyntax;

    private static HashSet<string> Names(SyntaxNode list) =>
    [
        .. list.DescendantTokens()
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken) || token.IsKind(SyntaxKind.StringLiteralToken))
            .Select(token => token.ValueText),
    ];

    private static IEnumerable<(string File, SyntaxNode Root)> Sources() =>
        from folder in new[] { "src", "tests" }
        from file in Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        where !file.Split(Path.DirectorySeparatorChar).Any(name => name is "obj" or "bin")
        select (
            Path.GetRelativePath(Repository.Root, file).Replace(Path.DirectorySeparatorChar, '/'),
            CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot());
}
