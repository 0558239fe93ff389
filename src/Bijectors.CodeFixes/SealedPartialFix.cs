using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bijectors.CodeFixes;

/// <summary>Makes a generated bijector sealed and partial, and the types around it partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class SealedPartialFix() : SyntaxFix("BIJ0001")
{
    private protected override Task<IReadOnlyList<(string, SyntaxNode, SyntaxNode)>> EditsAsync(
        Document document, Diagnostic diagnostic, SyntaxNode node, CancellationToken token)
    {
        if (node.FirstAncestorOrSelf<ClassDeclarationSyntax>() is not { } type)
        {
            return Task.FromResult<IReadOnlyList<(string, SyntaxNode, SyntaxNode)>>([]);
        }

        // All in one step: the classes stand inside one another.
        var outermost = type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().Last();
        var changed = outermost.ReplaceNodes(
            type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>(),
            (original, rewritten) => WithPartial(original == type ? WithSealed(rewritten) : rewritten));
        return Task.FromResult<IReadOnlyList<(string, SyntaxNode, SyntaxNode)>>(
            [("Make it a sealed partial class", outermost, changed)]);
    }

    private static TypeDeclarationSyntax WithSealed(TypeDeclarationSyntax type)
    {
        var open = type.Modifiers.Where(m => !m.IsKind(SyntaxKind.AbstractKeyword)).ToList();
        if (open.Exists(m => m.IsKind(SyntaxKind.SealedKeyword)))
        {
            return type;
        }

        // "partial" stands last.
        var at = open.FindIndex(m => m.IsKind(SyntaxKind.PartialKeyword));
        open.Insert(at < 0 ? open.Count : at, Keyword(SyntaxKind.SealedKeyword));
        return WithModifiers(type, open);
    }

    private static TypeDeclarationSyntax WithPartial(TypeDeclarationSyntax type) =>
        type.Modifiers.Any(SyntaxKind.PartialKeyword)
            ? type
            : WithModifiers(type, [.. type.Modifiers, Keyword(SyntaxKind.PartialKeyword)]);

    // What stands before the declaration stays before it, also where it had no modifier yet.
    private static TypeDeclarationSyntax WithModifiers(TypeDeclarationSyntax type, IEnumerable<SyntaxToken> modifiers)
    {
        var leading = type.Modifiers.Count > 0 ? type.Modifiers[0].LeadingTrivia : type.Keyword.LeadingTrivia;
        var bare = modifiers.Select(m => m.WithLeadingTrivia()).ToList();
        bare[0] = bare[0].WithLeadingTrivia(leading);
        return (TypeDeclarationSyntax)type.WithKeyword(type.Keyword.WithLeadingTrivia())
            .WithModifiers(SyntaxFactory.TokenList(bare));
    }

    private static SyntaxToken Keyword(SyntaxKind kind) =>
        SyntaxFactory.Token(kind).WithTrailingTrivia(SyntaxFactory.Space);
}
