using System.Globalization;
using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.Parse;

/// <summary>The names of emitted files.</summary>
internal static class HintNames
{
    /// <summary>
    /// The name in metadata, which tells arity, nesting and namespace, and a number from it: file names that differ in
    /// case only are the same to Roslyn, and class names that do are not.
    /// </summary>
    public static string Of(INamedTypeSymbol type)
    {
        var name = Metadata(type);
        return name + "." + Hash(name).ToString("x8", CultureInfo.InvariantCulture) + ".g.cs";
    }

    private static string Metadata(INamedTypeSymbol type) =>
        type.ContainingType is { } outer ? Metadata(outer) + "+" + type.MetadataName
        : type.ContainingNamespace.IsGlobalNamespace ? type.MetadataName
        : type.ContainingNamespace.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat
            .RemoveMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers))
            + "." + type.MetadataName;

    /// <summary>FNV-1a: the same in every process, as string.GetHashCode is not.</summary>
    private static uint Hash(string text) => text.Aggregate(2166136261, (hash, c) => unchecked((hash ^ c) * 16777619));
}
