using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Purity;

/// <summary>
/// What functions without source call back: comparers that they are handed, and the comparisons of elements.
/// </summary>
internal sealed partial class PurityReader
{
    private static readonly string[] Comparisons = ["CompareTo", "Equals", "GetHashCode"];

    /// <summary>What is wrong with the comparisons that a function of a collection makes.</summary>
    private Fault? CalledBack(IMethodSymbol method, IOperation op, Code code)
    {
        if (!Compares(method.ContainingType))
        {
            return null;
        }

        var arguments = op switch
        {
            IInvocationOperation call => call.Arguments,
            IObjectCreationOperation made => made.Arguments,
            _ => [],
        };
        foreach (var argument in arguments)
        {
            if (argument.Parameter is { Type: INamedTypeSymbol type } && IsComparer(type)
                && Comparer(Operations.Unwrap(argument.Value), type, code) is { } fault)
            {
                return fault;
            }
        }

        // Elements of a class of the project's own compare themselves.
        var called = op is IInvocationOperation { TargetMethod: var target } ? target : method;
        return FirstOf(called.TypeArguments.Concat(called.ContainingType.TypeArguments)
            .SelectMany(t => Operations.Bases(t.OriginalDefinition)).Where(sources.Declares)
            .SelectMany(t => Comparisons.SelectMany(name => t.GetMembers(name)).OfType<IMethodSymbol>())
            .Where(m => m is { IsAbstract: false, IsStatic: false, DeclaringSyntaxReferences.IsEmpty: false }));
    }

    /// <summary>Whether a type's functions compare elements.</summary>
    private static bool Compares(INamedTypeSymbol type) => KnownPure.IsCollection(type)
        || type.ContainingNamespace?.ToDisplayString() is { } space
            && (space == "System.Linq" || space.StartsWith("System.Collections", StringComparison.Ordinal));

    private static bool IsComparer(INamedTypeSymbol type) =>
        HandWritten.Types.Name(type.OriginalDefinition) is { } name
        && (name.StartsWith("System.Collections.Generic.IComparer", StringComparison.Ordinal)
            || name.StartsWith("System.Collections.Generic.IEqualityComparer", StringComparison.Ordinal)
            || name is "System.Collections.IComparer" or "System.Collections.IEqualityComparer");

    /// <summary>What is wrong with the comparer that an expression gives.</summary>
    private Fault? Comparer(IOperation given, INamedTypeSymbol type, Code code)
    {
        if (given.ConstantValue is { HasValue: true, Value: null } || given is IDefaultValueOperation
            || given.Type is not INamedTypeSymbol comparer)
        {
            return null;
        }

        // A lambda that Comparer.Create is handed here is read with the rest of the code.
        var isLibrarys = comparer.DeclaringSyntaxReferences.IsEmpty;
        if (isLibrarys && (given is IPropertyReferenceOperation { Property: { IsStatic: true } property }
                && KnownPure.Is(property)
            || given is IInvocationOperation { TargetMethod: { IsStatic: true, Name: "Create" } create }
                && KnownPure.Is(create)))
        {
            return null;
        }

        if (isLibrarys && comparer.TypeKind != TypeKind.Interface)
        {
            return Fault.Unseen($"how {Fault.Quote(given.Syntax)} compares is not seen here");
        }

        var methods = type.OriginalDefinition.GetMembers().OfType<IMethodSymbol>()
            .SelectMany(m => _implementations.Of(m, comparer)).ToList();
        return FirstOf(methods) ?? (methods.Count > 0 ? null
            : Fault.Unseen($"how {Fault.Quote(given.Syntax)} compares is not seen here"));
    }
}
