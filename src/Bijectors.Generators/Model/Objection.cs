using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.Generators.Model;

/// <summary>
/// Why a class gets no generated half. Reported by the generator: without the half, C# stops before any analyzer runs.
/// </summary>
internal sealed record Objection(
    string Rule, string Name, string Reason, string Path, TextSpan Span, LinePositionSpan Lines)
{
    public Diagnostic Report() => Diagnostic.Create(
        Diagnostics.Rules.All.Single(r => r.Id == Rule), Location.Create(Path, Span, Lines), Name, Reason);

    /// <summary>An objection to a class at its name.</summary>
    public static Objection To(DiagnosticDescriptor rule, string name, string reason, SyntaxToken identifier)
    {
        var location = identifier.GetLocation();
        return new(
            rule.Id, name, reason, identifier.SyntaxTree!.FilePath, location.SourceSpan, location.GetLineSpan().Span);
    }
}
