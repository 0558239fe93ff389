using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bijectors.Generators.HandWritten;

/// <summary>Looks for layers of <see cref="StatefulLayers"/> in modules whose source is in the compilation.</summary>
internal static class OwnModules
{
    /// <summary>
    /// The first such layer in modules of a type, or in modules inside them; null where there is none.
    /// </summary>
    public static (string Name, string Does)? Holds(ITypeSymbol type, Compilation compilation,
        CancellationToken token) =>
        Holds(type, compilation, new(SymbolEqualityComparer.Default), token);

    private static (string Name, string Does)? Holds(ITypeSymbol type, Compilation compilation, HashSet<ISymbol> seen,
        CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var inside = type switch
        {
            IArrayTypeSymbol array => [array.ElementType],
            INamedTypeSymbol { TypeArguments: { IsEmpty: false } arguments } => arguments,
            _ => (IReadOnlyList<ITypeSymbol>)[],
        };
        if (type is not INamedTypeSymbol own || !IsOwnModule(own, compilation) || !seen.Add(own.OriginalDefinition))
        {
            return inside.Select(t => Holds(t, compilation, seen, token)).FirstOrDefault(f => f is not null);
        }

        return Types.Stored(own).Select(m => StatefulLayers.In(m.Type) ?? Holds(m.Type, compilation, seen, token))
            .FirstOrDefault(f => f is not null)
            ?? own.DeclaringSyntaxReferences.SelectMany(r => Made(r.GetSyntax(token), compilation, token))
                .FirstOrDefault();
    }

    private static IEnumerable<(string Name, string Does)?> Made(SyntaxNode declaration, Compilation compilation,
        CancellationToken token)
    {
        var model = compilation.GetSemanticModel(declaration.SyntaxTree);
        return declaration.DescendantNodes()
            .Where(n => n is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax)
            .Select(n => model.GetOperation(n, token)).OfType<IOperation>().Select(StatefulLayers.Made)
                .Where(m => m is not null);
    }

    /// <summary>Bijectors and conditioners are looked into where they are declared.</summary>
    private static bool IsOwnModule(INamedTypeSymbol type, Compilation compilation) =>
        SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly)
            && Types.Is(type, "TorchSharp.torch.nn.Module") && !Types.IsBijectorOrConditioner(type);
}
