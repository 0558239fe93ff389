using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bijectors.Generators.Parse;

/// <summary>How many dimensions an event of a class has, where it says so in a constant.</summary>
internal static class EventRanks
{
    /// <param name="type">The class.</param>
    /// <param name="compilation">What it is compiled in.</param>
    public static int? Of(INamedTypeSymbol type, Compilation compilation)
    {
        if (Operations.Bases(type).SelectMany(t => t.GetMembers("EventRank")).FirstOrDefault(m => !m.IsAbstract) is not { } member)
        {
            return null;
        }

        // Another assembly's is no constant here; the half that is emitted has none but 0.
        var written = member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() as PropertyDeclarationSyntax;
        var value = written?.ExpressionBody?.Expression
            ?? (written?.AccessorList?.Accessors is [{ } getter] ? getter.ExpressionBody?.Expression ?? (getter.Body?.Statements is [ReturnStatementSyntax only] ? only.Expression : null) : null)
            ?? written?.Initializer?.Value;
        return value is not null && compilation.ContainsSyntaxTree(value.SyntaxTree)
            && compilation.GetSemanticModel(value.SyntaxTree).GetConstantValue(value) is { HasValue: true, Value: int rank } ? rank : null;
    }
}
