using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.Diagnostics;

/// <summary>The table of everything the compiler can object to. BIJ00xx declaration, BIJ01xx not in the language, BIJ02xx not invertible.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor NotSealedPartial = Error(
        "BIJ0001", "A generated bijector is a sealed partial class derived from Bijector",
        "'{0}' must be {1}");

    public static readonly DiagnosticDescriptor NotOneForward = Error(
        "BIJ0002", "A generated bijector has exactly one [Forward] method",
        "'{0}' must have exactly one method marked [Forward]; it has {1}");

    public static readonly DiagnosticDescriptor BadSignature = Error(
        "BIJ0003", "The signature of a [Forward] method",
        "'{0}' must be 'Tensor {0}(Tensor x)' or 'Tensor {0}(Tensor x, Tensor? context)', and have a body");

    public static readonly DiagnosticDescriptor DeclaredTwice = Error(
        "BIJ0004", "A member that the compiler writes is also written by hand",
        "'{0}' is derived from the [Forward] method; remove it, or remove [GeneratedBijector] and write all four maps by hand");

    public static readonly DiagnosticDescriptor NotInLanguage = Error(
        "BIJ0101", "Not in the forward language",
        "{0} is not in the forward language here; {1}");

    public static readonly DiagnosticDescriptor Ambiguous = Error(
        "BIJ0102", "It is not clear which part is mapped",
        "This expression could map {0}; write it as an assignment to the part that is mapped, 'b = b * ...'");

    public static readonly DiagnosticDescriptor SelfConditioning = Error(
        "BIJ0201", "A part conditions itself",
        "'{0}' is mapped by something computed from '{0}' itself, so the map cannot be undone; compute it from another part");

    public static readonly DiagnosticDescriptor StaleRead = Error(
        "BIJ0202", "A part is read after it was mapped",
        "{0}, and the inverse does not have the old value at this point; compute it again from the part as it is now, or map the part later");

    public static readonly DiagnosticDescriptor LostPart = Error(
        "BIJ0203", "A part is lost or returned twice",
        "{0}; the returned value must hold every part exactly once, or the input cannot be recovered");

    public static readonly DiagnosticDescriptor NotInvertible = Error(
        "BIJ0204", "Not an invertible map",
        "{0}");

    public static readonly DiagnosticDescriptor ScaleMayBeZero = new(
        "BIJ0205", "A multiplier is not provably non-zero",
        "'{0}' is not provably {1}; use exp, softplus or sigmoid of a free value, or mark the field [{2}] if its values are kept so",
        "Bijectors", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor OutsideDomain = Error(
        "BIJ0206", "A map is applied outside its domain",
        "'{0}' needs values in {1}, but gets values in {2}; {3}");

    public static readonly DiagnosticDescriptor UnknownCodomain = Error(
        "BIJ0207", "The codomain cannot be derived",
        "What '{0}' maps onto depends on values that are not literals; override Codomain to state it");

    public static readonly DiagnosticDescriptor MovesByInput = Error(
        "BIJ0208", "Where elements go depends on the input",
        "An argument of '{0}' is computed from the input or the context; where elements move must not depend on them");

    public static readonly IReadOnlyList<DiagnosticDescriptor> All =
    [
        NotSealedPartial, NotOneForward, BadSignature, DeclaredTwice, NotInLanguage, Ambiguous, SelfConditioning,
        StaleRead, LostPart, NotInvertible, ScaleMayBeZero, OutsideDomain, UnknownCodomain, MovesByInput,
    ];

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, "Bijectors", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
