using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bijectors.CodeFixes;

/// <summary>Asks for an inverse by iteration: [GeneratedBijector(Numerical = true)].</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class NumericalFix() : SyntaxFix("BIJ0211")
{
    private protected override Task<IReadOnlyList<(string, SyntaxNode, SyntaxNode)>> EditsAsync(
        Document document, Diagnostic diagnostic, SyntaxNode node, CancellationToken token)
    {
        var mark = node.AncestorsAndSelf().OfType<ClassDeclarationSyntax>().SelectMany(c => c.AttributeLists)
            .SelectMany(l => l.Attributes)
            .FirstOrDefault(
                a => a.Name.ToString().Split('.').Last() is "GeneratedBijector" or "GeneratedBijectorAttribute");
        if (mark is null)
        {
            return Task.FromResult<IReadOnlyList<(string, SyntaxNode, SyntaxNode)>>([]);
        }

        // "Numerical = false" may stand there already.
        var others = mark.ArgumentList?.Arguments.Where(a => a.NameEquals?.Name.Identifier.Text != "Numerical") ?? [];
        var asked = SyntaxFactory.AttributeArgument(SyntaxFactory.ParseExpression("Numerical = true"));
        var changed =
            mark.WithArgumentList(SyntaxFactory.AttributeArgumentList(SyntaxFactory.SeparatedList([.. others, asked])));
        return Task.FromResult<IReadOnlyList<(string, SyntaxNode, SyntaxNode)>>(
            [("Find the inverse by iteration", mark, changed)]);
    }
}
