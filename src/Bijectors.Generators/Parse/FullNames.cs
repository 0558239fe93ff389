using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.Parse;

/// <summary>Whether symbols have full names, without writing the names of all that are asked.</summary>
internal static class FullNames
{
    /// <summary>
    /// Whether a type or a namespace has a full name: <c>TorchSharp.torch.Tensor</c>. A type with type arguments, or
    /// that may be null, has none.
    /// </summary>
    public static bool IsNamed(this ISymbol? symbol, string name)
    {
        if (symbol is null or ITypeSymbol { NullableAnnotation: NullableAnnotation.Annotated }
            or not (INamespaceSymbol or INamedTypeSymbol))
        {
            return false;
        }

        var end = name.Length;
        for (var at = symbol; at is not null and not INamespaceSymbol { IsGlobalNamespace: true };)
        {
            var part = at.Name;
            var start = end - part.Length;
            if (part.Length == 0 || start < 0 || at is INamedTypeSymbol { Arity: > 0 }
                || string.CompareOrdinal(name, start, part, 0, part.Length) != 0)
            {
                return false;
            }

            at = at.ContainingSymbol;
            if (start == 0)
            {
                return at is INamespaceSymbol { IsGlobalNamespace: true };
            }

            if (name[start - 1] != '.')
            {
                return false;
            }

            end = start - 1;
        }

        return false;
    }

    /// <summary>Whether a namespace is one with a full name, or inside it.</summary>
    public static bool IsInside(this INamespaceSymbol? space, string name)
    {
        for (var at = space; at is { IsGlobalNamespace: false }; at = at.ContainingNamespace)
        {
            if (at.IsNamed(name))
            {
                return true;
            }
        }

        return false;
    }
}
