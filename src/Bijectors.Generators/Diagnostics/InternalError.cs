using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.Diagnostics;

/// <summary>
/// An exception inside the compiler is the affair of the class that it was raised for: an escaping one would take the
/// generated halves of all other classes away too.
/// </summary>
internal static class InternalError
{
    /// <summary>Whether an exception is a mistake of this compiler's; a cancellation is none.</summary>
    public static bool Is(Exception exception) => exception is not OperationCanceledException;

    public static string Describe(Exception exception) =>
        $"{exception.GetType().FullName}: {exception.Message.Replace("\r", "").Replace('\n', ' ')}";

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
