using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.Diagnostics;

/// <summary>
/// The table of everything the compiler can object to. BIJ00xx declaration, BIJ01xx not in the language, BIJ02xx not
/// invertible, BIJ03xx numerics, BIJ04xx bijectors and networks written by hand. Each has its page in docs/diagnostics.
/// </summary>
internal static class Rules
{
    // Of the clone that this was built from, as the build writes it; before the rules, which read it.
    private static readonly string? RepositoryUrl = typeof(Rules).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(row => row.Key == "RepositoryUrl")?.Value;

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
        "'{0}' is derived from the [Forward] method; remove it, or remove [GeneratedBijector] "
        + "and write all four maps by hand");

    public static readonly DiagnosticDescriptor BadAttribute = Error(
        "BIJ0005", "An attribute names a method that is not there",
        "'{0}': {1}");

    public static readonly DiagnosticDescriptor LanguageVersion = Error(
        "BIJ0006", "A generated bijector needs C# 12",
        "The generated half of '{0}' is C# 12, and this is compiled as C# {1}; write <LangVersion>12</LangVersion> in "
        + "the project file, or a later one");

    public static readonly DiagnosticDescriptor Internal = Error(
        "BIJ0007", "The compiler of bijectors failed",
        "The compiler failed on '{0}' ({1}); this is a mistake of its own: please report it, with the class, "
        + "to the authors of Bijectors");

    public static readonly DiagnosticDescriptor NotInLanguage = Error(
        "BIJ0101", "Not in the forward language",
        "{0} is not in the forward language here; {1}");

    public static readonly DiagnosticDescriptor Ambiguous = Error(
        "BIJ0102", "It is not clear which part is mapped",
        "This expression could map {0}; write it as an assignment to the part that is mapped, 'b = b * ...', "
        + "or mix both in one statement, '(a, b) = (a + b, a - b)'");

    public static readonly DiagnosticDescriptor SelfConditioning = Error(
        "BIJ0201", "A part conditions itself",
        "'{0}' is mapped by something computed from '{0}' itself, so the map cannot be undone; {1}");

    public static readonly DiagnosticDescriptor StaleRead = Error(
        "BIJ0202", "A part is read after it was mapped",
        "{0}, and the inverse does not have the old value at this point; compute it again from the part as it is now, "
        + "or map the part later");

    public static readonly DiagnosticDescriptor LostPart = Error(
        "BIJ0203", "A part is lost or returned twice",
        "{0}; the returned value must hold every part exactly once, or the input cannot be recovered");

    public static readonly DiagnosticDescriptor NotInvertible = Error(
        "BIJ0204", "Not an invertible map",
        "{0}");

    public static readonly DiagnosticDescriptor ScaleMayBeZero = Warning(
        "BIJ0205", "A multiplier is not provably non-zero",
        "'{0}' is not provably {1}; use exp, softplus or sigmoid of a free value, "
        + "or mark the field [{2}] if its values are kept so");

    public static readonly DiagnosticDescriptor OutsideDomain = Error(
        "BIJ0206", "A map is applied outside its domain",
        "'{0}' needs values in {1}, but gets values in {2}; {3}");

    public static readonly DiagnosticDescriptor UnknownCodomain = Error(
        "BIJ0207", "The codomain cannot be derived",
        "What '{0}' maps onto depends on values that are neither literals nor numbers of the class; "
        + "override Codomain to state it");

    public static readonly DiagnosticDescriptor MovesByInput = Error(
        "BIJ0208", "Where elements go depends on the input",
        "An argument of '{0}' is computed from the input or the context; where elements move must not depend on them");

    public static readonly DiagnosticDescriptor BranchesByInput = Error(
        "BIJ0209", "A branch or a loop depends on the input",
        "'{0}' is computed from the input, and the inverse does not know it before it starts; "
        + "branch and loop over things that do not depend on the input");

    public static readonly DiagnosticDescriptor NotContractive = Error(
        "BIJ0210", "A contraction constant is not between 0 and 1",
        "'{0}' is declared contractive with constant {1}, but 'x + g(x)' has an inverse for certain only where "
        + "the constant is between 0 and 1");

    public static readonly DiagnosticDescriptor NumericalNotAsked = Error(
        "BIJ0211", "An inverse by iteration must be asked for",
        "'{0}' has no closed inverse; write [GeneratedBijector(Numerical = true)] to have it found by iteration");

    public static readonly DiagnosticDescriptor Impure = Error(
        "BIJ0212", "A known value is not the same in both directions",
        "{0} is evaluated in both directions, where it must give the same and change nothing, but {1}; {2}");

    public static readonly DiagnosticDescriptor PurityUnseen = Warning(
        "BIJ0213", "It cannot be seen that a known value is pure",
        "{0} must give the same in both directions and change nothing, but {1}; {2}");

    public static readonly DiagnosticDescriptor MixesBatch = Error(
        "BIJ0214", "A known value mixes the points of a batch",
        "{0} works along {1}, so that the points of a batch see each other; {2}");

    public static readonly DiagnosticDescriptor MayMixBatch = Warning(
        "BIJ0215", "A known value may mix the points of a batch",
        "{0} works along {1}, so that the points of a batch may see each other; {2}");

    public static readonly DiagnosticDescriptor MayBeSingular = Warning(
        "BIJ0216", "A map that takes entries together may be singular",
        "'{0}' is one to one only where {1}; it is certain with {2}");

    public static readonly DiagnosticDescriptor PoorForm = Warning(
        "BIJ0301", "A numerically poor form",
        "'{0}' {1}; write '{2}'");

    public static readonly DiagnosticDescriptor Unregistered = Warning(
        "BIJ0401", "A tensor or a module is not registered",
        "'{0}' {1}; {2}");

    public static readonly DiagnosticDescriptor StatefulNetwork = Warning(
        "BIJ0402", "A layer inside a bijector gives other values when it is run again",
        "'{0}' holds {1}, which {2}, so that the inverse does not undo the forward map");

    public static readonly DiagnosticDescriptor NoLogDet = Warning(
        "BIJ0403", "A forward map without its log-det",
        "'{0}' gives no log-det ({1}); compute log|det dy/dx|, "
        + "or override IsVolumePreserving if it is zero everywhere");

    public static readonly DiagnosticDescriptor NotCausal = Error(
        "BIJ0404", "A network that is not causal is marked [Causal]",
        "'{0}' is a {1}, whose outputs depend on all its inputs; use a masked network such as Made");

    public static readonly IReadOnlyList<DiagnosticDescriptor> All =
    [
        NotSealedPartial, NotOneForward, BadSignature, DeclaredTwice, BadAttribute, LanguageVersion, Internal,
        NotInLanguage, Ambiguous, SelfConditioning, StaleRead, LostPart, NotInvertible, ScaleMayBeZero, OutsideDomain,
        UnknownCodomain, MovesByInput, BranchesByInput, NotContractive, NumericalNotAsked, Impure, PurityUnseen,
        MixesBatch, MayMixBatch, MayBeSingular, PoorForm, Unregistered, StatefulNetwork, NoLogDet, NotCausal,
    ];

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        Rule(id, title, message, DiagnosticSeverity.Error);

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        Rule(id, title, message, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Rule(string id, string title, string message, DiagnosticSeverity severity) =>
        new(id, title, message, "Bijectors", severity, isEnabledByDefault: true,
            helpLinkUri: HelpLink(RepositoryUrl, id));

    /// <summary>Where the page of a diagnostic is: at the sources, or in the package if nobody said where.</summary>
    internal static string HelpLink(string? repository, string id) =>
        string.IsNullOrEmpty(repository)
            ? $"docs/diagnostics/{id}.md"
            : $"{repository!.TrimEnd('/')}/blob/main/docs/diagnostics/{id}.md";
}
