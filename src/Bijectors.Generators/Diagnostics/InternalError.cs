using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Bijectors.Generators.Diagnostics;

/// <summary>
/// An exception inside the compiler is reported for the class that it was raised for: an escaping one would remove the
/// generated halves of all other classes too.
/// </summary>
internal static class InternalError
{
    /// <summary>Whether an exception is a mistake of this compiler's; a cancellation is none.</summary>
    public static bool Is(Exception exception) => exception is not OperationCanceledException;

    public static string Describe(Exception exception) =>
        $"{exception.GetType().FullName}: {exception.Message.Replace("\r", "").Replace('\n', ' ')}";

    /// <summary>An action of an analyzer that reports what it throws at the symbol that it looks at.</summary>
    public static Action<SymbolAnalysisContext> Guarded(Action<SymbolAnalysisContext> action) =>
        c => Guard(() => action(c), c.Symbol.Name, c.Symbol.Locations[0], c.ReportDiagnostic);

    /// <inheritdoc cref="Guarded(Action{SymbolAnalysisContext})"/>
    public static Action<OperationAnalysisContext> Guarded(Action<OperationAnalysisContext> action) =>
        c => Guard(() => action(c), c.ContainingSymbol.Name, c.Operation.Syntax.GetLocation(), c.ReportDiagnostic);

    /// <inheritdoc cref="Guarded(Action{SymbolAnalysisContext})"/>
    public static Action<OperationBlockAnalysisContext> Guarded(Action<OperationBlockAnalysisContext> action) =>
        c => Guard(() => action(c), c.OwningSymbol.Name, c.OwningSymbol.Locations[0], c.ReportDiagnostic);

    /// <summary>Runs an action for a class, and reports what it throws at <paramref name="at"/>.</summary>
    public static void Guard(Action action, string name, Location at, Action<Diagnostic> report)
    {
        try
        {
            action();
        }
        catch (Exception e) when (Is(e))
        {
            report(Diagnostic.Create(Rules.Internal, at, name, Describe(e)));
        }
    }
}
