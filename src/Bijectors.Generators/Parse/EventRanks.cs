using Bijectors.Generators.Incremental;
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
        // Another assembly's is no constant here. Where a class says nothing, an event is one number.
        return !IsDeclared(type)
            ? 0
            : Member(type)?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is PropertyDeclarationSyntax written
                && Given(written) is { } value && compilation.ContainsSyntaxTree(value.SyntaxTree)
                && SharedModels.Of(compilation, value.SyntaxTree).GetConstantValue(value).Value is int rank
                    ? rank : null;
    }

    /// <summary>Whether the class, or one above it, says it at all.</summary>
    public static bool IsDeclared(INamedTypeSymbol type) => Member(type) is not null;

    /// <summary>
    /// Why an axis is none of an event; null where it is one, as far as the number of dimensions is known.
    /// </summary>
    public static string? WhyNoAxis(int axis, int? rank) => axis >= 0 ? "must be counted from the end (-1, -2, ...)"
        : axis >= -(rank ?? int.MaxValue) ? null
        : rank == 0 ? "is none of an event of EventRank 0: points of a batch would see each other"
        : FormattableString.Invariant(
            $"is none of the last {rank} that are an event (EventRank): points of a batch would see each other");

    private static ISymbol? Member(INamedTypeSymbol type) =>
        Operations.Bases(type).SelectMany(t => t.GetMembers("EventRank"))
            .FirstOrDefault(m => !m.IsAbstract && !IsEmitted(m));

    // The emitted half may throw there, and no person has said so.
    private static bool IsEmitted(ISymbol member) =>
        member.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.FilePath is { } path
        && path.EndsWith(HintNames.Of(member.ContainingType.OriginalDefinition), StringComparison.Ordinal);

    private static ExpressionSyntax? Given(PropertyDeclarationSyntax property) =>
        property.ExpressionBody?.Expression ?? property.Initializer?.Value ?? property.AccessorList?.Accessors switch
        {
            [{ ExpressionBody.Expression: var expression }] => expression,
            [{ Body.Statements: [ReturnStatementSyntax { Expression: var returned }] }] => returned,
            _ => null,
        };
}
