using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Bijectors.CodeFixes;

/// <summary>
/// Makes a multiplier non-zero, by the exponential of it or by a promise on the field it is read from.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class MultiplierFix() : SyntaxFix("BIJ0205")
{
    private protected override async Task<IReadOnlyList<(string, SyntaxNode, SyntaxNode)>> EditsAsync(
        Document document, Diagnostic diagnostic, SyntaxNode node, CancellationToken token)
    {
        var multiplier = node is ArgumentSyntax argument ? argument.Expression : node as ExpressionSyntax;
        if (multiplier is null || await document.GetSemanticModelAsync(token).ConfigureAwait(false) is not { } model)
        {
            return [];
        }

        var edits = new List<(string, SyntaxNode, SyntaxNode)> { Exponential(multiplier, model) };
        var member = model.GetSymbolInfo(multiplier, token).Symbol is IFieldSymbol or IPropertySymbol
            ? model.GetSymbolInfo(multiplier, token).Symbol : null;
        var declared = member?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(token)
            .FirstAncestorOrSelf<MemberDeclarationSyntax>();
        if (declared is not null && declared.SyntaxTree == multiplier.SyntaxTree)
        {
            // A promise that it is not zero is not enough for all maps; the message names the one that is.
            edits.Add(Marked(declared, "Positive"));
            if (diagnostic.GetMessage().Contains("[NonZero]"))
            {
                edits.Add(Marked(declared, "NonZero"));
            }
        }

        return edits;
    }

    private static (string, SyntaxNode, SyntaxNode) Exponential(ExpressionSyntax multiplier, SemanticModel model)
    {
        var isNumber = model.GetTypeInfo(multiplier).Type?.SpecialType is not (null or SpecialType.None);
        var (type, full, name) =
            isNumber ? ("Math", "global::System.Math", "Exp") : ("torch", "global::TorchSharp.torch", "exp");
        var host = model.LookupNamespacesAndTypes(multiplier.SpanStart, name: type).Any() ? type : full;
        var inside = multiplier is ParenthesizedExpressionSyntax p ? p.Expression : multiplier;
        ExpressionSyntax Call(ExpressionSyntax of) =>
            SyntaxFactory.ParseExpression($"{host}.{name}({of.WithoutTrivia()})").WithTriviaFrom(multiplier);

        // In "b * (s + 1)" the brackets are replaced with what they hold.
        return multiplier.Parent is ParenthesizedExpressionSyntax around
            ? ($"Make it positive with {type}.{name}", around, Call(inside).WithTriviaFrom(around))
            : ($"Make it positive with {type}.{name}", multiplier, Call(inside));
    }

    private static (string, SyntaxNode, SyntaxNode) Marked(MemberDeclarationSyntax member, string mark)
    {
        var list = SyntaxFactory.AttributeList(
            SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Attribute(SyntaxFactory.IdentifierName(mark))))
            .WithLeadingTrivia(member.GetLeadingTrivia()).WithTrailingTrivia(SyntaxFactory.Space);
        var bare = member.WithLeadingTrivia();
        return ($"Promise [{mark}]", member, bare.WithAttributeLists(bare.AttributeLists.Insert(0, list))
            .WithAdditionalAnnotations(Formatter.Annotation));
    }
}
