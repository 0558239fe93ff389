using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse;

/// <summary>Which variables a block of the body changes.</summary>
internal static class Variables
{
    /// <summary>The variables from outside a block that stand for something else after it.</summary>
    public static IEnumerable<ISymbol> Changed(Moment before, Moment after, IOperation block) => after.Bindings
        .Where(b => !IsDeclaredIn(b.Key, block) && !(before.Bindings.TryGetValue(b.Key, out var old) && old == b.Value))
        .Select(b => b.Key).OrderBy(Position);

    /// <summary>
    /// The variables from outside a block that are assigned in it, in the order of their declaration.
    /// </summary>
    public static IEnumerable<ISymbol> Assigned(IOperation block) =>
        block.DescendantsAndSelf().OfType<IAssignmentOperation>()
            .SelectMany(a => Targets(a.Target)).Where(s => !IsDeclaredIn(s, block))
            .Distinct(SymbolEqualityComparer.Default).OfType<ISymbol>().OrderBy(Position);

    /// <summary>The variables a left side assigns.</summary>
    public static IEnumerable<ISymbol> Targets(IOperation target) => target switch
    {
        ITupleOperation tuple => tuple.Elements.SelectMany(Targets),
        _ when Operations.Variable(target) is { } symbol => [symbol],
        _ => [],
    };

    /// <summary>Where in a block a variable is assigned; the block itself where it is not.</summary>
    public static SyntaxNode AssignmentOf(ISymbol variable, IOperation block) =>
        block.DescendantsAndSelf().OfType<IAssignmentOperation>()
            .FirstOrDefault(a => Targets(a.Target).Contains(variable, SymbolEqualityComparer.Default))?.Syntax
        ?? block.Syntax;

    /// <summary>Where a variable is declared: an order that does not depend on hash codes.</summary>
    public static int Position(ISymbol symbol) => symbol.Locations[0].SourceSpan.Start;

    private static bool IsDeclaredIn(ISymbol symbol, IOperation block) =>
        block.Syntax.Span.Contains(symbol.Locations[0].SourceSpan);
}
