using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bijectors.Generators.Incremental;

/// <summary>Where names are written in a file.</summary>
internal static class Identifiers
{
    private static readonly ConditionalWeakTable<SyntaxTree, ILookup<string, IdentifierNameSyntax>> s_known = new();

    public static IEnumerable<IdentifierNameSyntax> Of(SyntaxTree tree, string name, CancellationToken token) =>
        (s_known.TryGetValue(tree, out var known) ? known : s_known.GetValue(tree, t => Find(t, token)))[name];

    private static ILookup<string, IdentifierNameSyntax> Find(SyntaxTree tree, CancellationToken token) =>
        tree.GetRoot(token).DescendantNodes().OfType<IdentifierNameSyntax>()
            .ToLookup(i => i.Identifier.ValueText, StringComparer.Ordinal);
}
