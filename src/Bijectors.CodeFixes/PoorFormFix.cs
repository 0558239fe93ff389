using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bijectors.CodeFixes;

/// <summary>Writes the stable form that the analyzer names.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class PoorFormFix() : SyntaxFix("BIJ0301")
{
    private protected override Task<IReadOnlyList<(string, SyntaxNode, SyntaxNode)>> EditsAsync(
        Document document, Diagnostic diagnostic, SyntaxNode node, CancellationToken token)
    {
        var poor = node is ArgumentSyntax argument ? argument.Expression : node as ExpressionSyntax;
        return Task.FromResult<IReadOnlyList<(string, SyntaxNode, SyntaxNode)>>(
            poor is not null && diagnostic.Properties.TryGetValue("replacement", out var better) && better is not null
                ? [($"Write '{better}'", poor, SyntaxFactory.ParseExpression(better).WithTriviaFrom(poor))]
                : []);
    }
}
