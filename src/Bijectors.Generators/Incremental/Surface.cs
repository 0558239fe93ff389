using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bijectors.Generators.Incremental;

/// <summary>
/// What code in other files can depend on in a file: everything but comments and what stands inside the bodies of
/// methods, constructors and operators.
/// </summary>
internal static class Surface
{
    private static readonly ConditionalWeakTable<SyntaxTree, string> s_known = new();

    /// <summary>Equal for files with the same surface, in practice for no others: a cryptographic hash.</summary>
    public static string Of(SyntaxTree tree, CancellationToken token) =>
        s_known.TryGetValue(tree, out var known) ? known : s_known.GetValue(tree, t => Hash(t.GetRoot(token)));

    private static string Hash(SyntaxNode root)
    {
        var text = new StringBuilder();
        foreach (var part in root.DescendantNodesAndTokens(node => !IsHidden(node)))
        {
            if (part.AsNode() is { } node)
            {
                // That there is a body shows.
                text.Append(IsHidden(node) ? "{}\n" : "");
                continue;
            }

            // Directives say how what follows is to be read.
            foreach (var trivia in part.ContainsDirectives ? part.GetLeadingTrivia() : default)
            {
                text.Append(trivia.IsDirective ? trivia.ToFullString() : "");
            }

            text.Append(part.RawKind).Append(' ').Append(part.AsToken().Text).Append('\n');
        }

        using var sha = SHA256.Create();
        return Convert.ToBase64String(sha.ComputeHash(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>
    /// Whether a node is a body into which nothing outside looks. Not so those of accessors, in which the word
    /// <c>field</c> makes a field; those with directives, which hold behind them; and those in types with parameters,
    /// which become fields where a body reads them.
    /// </summary>
    private static bool IsHidden(SyntaxNode node) =>
        node is BlockSyntax or ArrowExpressionClauseSyntax
        && node.Parent is BaseMethodDeclarationSyntax { Parent: not TypeDeclarationSyntax { ParameterList: not null } }
        && !node.ContainsDirectives;
}
