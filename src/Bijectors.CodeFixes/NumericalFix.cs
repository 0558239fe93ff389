namespace Bijectors.CodeFixes;

/// <summary>Asks for an inverse by iteration: [GeneratedBijector(Numerical = true)].</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class NumericalFix() : SyntaxFix("BIJ0211")
{
    private protected override IReadOnlyList<Edit> Edits(Finding at)
    {
        var mark = at.Node.AncestorsAndSelf().OfType<ClassDeclarationSyntax>().SelectMany(c => c.AttributeLists)
            .SelectMany(l => l.Attributes)
            .FirstOrDefault(
                a => a.Name.ToString().Split('.').Last() is "GeneratedBijector" or "GeneratedBijectorAttribute");
        if (mark is null)
        {
            return [];
        }

        // "Numerical = false" may be there already.
        var others = mark.ArgumentList?.Arguments.Where(a => a.NameEquals?.Name.Identifier.Text != "Numerical") ?? [];
        var asked = SyntaxFactory.AttributeArgument(SyntaxFactory.ParseExpression("Numerical = true"));
        var changed =
            mark.WithArgumentList(SyntaxFactory.AttributeArgumentList(SyntaxFactory.SeparatedList([.. others, asked])));
        return [new("Find the inverse by iteration", mark, changed)];
    }
}
