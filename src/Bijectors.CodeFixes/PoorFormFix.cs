namespace Bijectors.CodeFixes;

/// <summary>Writes the stable form that the analyzer names.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class PoorFormFix() : SyntaxFix("BIJ0301")
{
    private protected override IReadOnlyList<Edit> Edits(Finding at)
    {
        var poor = at.Node is ArgumentSyntax argument ? argument.Expression : at.Node as ExpressionSyntax;
        at.Diagnostic.Properties.TryGetValue("replacement", out var better);
        return poor is not null && better is not null
            ? [new($"Write '{better}'", poor, SyntaxFactory.ParseExpression(better).WithTriviaFrom(poor))]
            : [];
    }
}
