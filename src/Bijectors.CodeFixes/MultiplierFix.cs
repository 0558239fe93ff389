namespace Bijectors.CodeFixes;

/// <summary>
/// Makes a multiplier non-zero, by the exponential of it or by a promise on the field it is read from.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class MultiplierFix() : SyntaxFix("BIJ0205")
{
    private protected override IReadOnlyList<Edit> Edits(Finding at)
    {
        var multiplier = at.Node is ArgumentSyntax argument ? argument.Expression : at.Node as ExpressionSyntax;
        if (multiplier is null)
        {
            return [];
        }

        var edits = new List<Edit> { Exponential(multiplier, at.Model) };
        var member = at.Model.GetSymbolInfo(multiplier, at.Token).Symbol is IFieldSymbol or IPropertySymbol
            ? at.Model.GetSymbolInfo(multiplier, at.Token).Symbol : null;
        var declared = member?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(at.Token)
            .FirstAncestorOrSelf<MemberDeclarationSyntax>();
        if (declared is not null && declared.SyntaxTree == multiplier.SyntaxTree)
        {
            // A promise that it is not zero is not enough for all maps; the message names the one that is.
            edits.Add(Marked(declared, "Positive"));
            if (at.Diagnostic.GetMessage().Contains("[NonZero]"))
            {
                edits.Add(Marked(declared, "NonZero"));
            }
        }

        return edits;
    }

    private static Edit Exponential(ExpressionSyntax multiplier, SemanticModel model)
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
            ? new($"Make it positive with {type}.{name}", around, Call(inside).WithTriviaFrom(around))
            : new($"Make it positive with {type}.{name}", multiplier, Call(inside));
    }

    private static Edit Marked(MemberDeclarationSyntax member, string mark)
    {
        var list = SyntaxFactory.AttributeList(
            SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Attribute(SyntaxFactory.IdentifierName(mark))))
            .WithLeadingTrivia(member.GetLeadingTrivia()).WithTrailingTrivia(SyntaxFactory.Space);
        var bare = member.WithLeadingTrivia();
        return new($"Promise [{mark}]", member, bare.WithAttributeLists(bare.AttributeLists.Insert(0, list))
            .WithAdditionalAnnotations(Formatter.Annotation));
    }
}
