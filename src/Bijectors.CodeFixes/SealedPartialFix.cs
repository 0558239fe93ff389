namespace Bijectors.CodeFixes;

/// <summary>Makes a generated bijector sealed and partial, and the types around it partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class SealedPartialFix() : SyntaxFix("BIJ0001")
{
    private protected override IReadOnlyList<Edit> Edits(Finding at)
    {
        if (at.Node.FirstAncestorOrSelf<ClassDeclarationSyntax>() is not { } type)
        {
            return [];
        }

        // All in one step: the classes are nested.
        var outermost = type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().Last();
        var changed = outermost.ReplaceNodes(
            type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>(),
            (original, rewritten) => WithPartial(original == type ? WithSealed(rewritten) : rewritten));
        return [new("Make it a sealed partial class", outermost, changed)];
    }

    private static TypeDeclarationSyntax WithSealed(TypeDeclarationSyntax type)
    {
        var open = type.Modifiers.Where(m => !m.IsKind(SyntaxKind.AbstractKeyword)).ToList();
        if (open.Exists(m => m.IsKind(SyntaxKind.SealedKeyword)))
        {
            return type;
        }

        // "partial" comes last.
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
