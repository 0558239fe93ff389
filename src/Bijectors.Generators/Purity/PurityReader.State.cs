using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Purity;

/// <summary>What is read that may be another value the next time, and what is written.</summary>
internal sealed partial class PurityReader
{
    private const string PerThread = "System.ThreadStaticAttribute";
    private const string State = "compute it from arguments and readonly fields alone, or hand it in as the context";

    private Fault? Got(IPropertyReferenceOperation reference, Code code)
    {
        var property = reference.Property;
        return !sources.Declares(property) || property.GetMethod is null
            ? property.GetMethod is { } getter ? Called(getter, reference.Instance, reference, code) : null
            : SymbolEqualityComparer.Default.Equals(property.ContainingAssembly, core) ? null
            : IsAuto(property) ? Held(property, reference.Instance, reference, code)
            : Called(property.GetMethod, reference.Instance, reference, code);
    }

    private static bool IsAuto(IPropertySymbol property) =>
        // A getter may compute with the field that C# makes for it.
        !property.IsAbstract && !Implementations.HasBody(property.GetMethod)
            && property.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .Any(f => SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, property.OriginalDefinition));

    /// <summary>A field or an auto-property that is read.</summary>
    private Fault? Held(ISymbol member, IOperation? instance, IOperation op, Code code)
    {
        if (member is IFieldSymbol { IsConst: true }
            || member.ContainingType is { IsTupleType: true } or { IsAnonymousType: true }
            or { TypeKind: TypeKind.Enum }
            || SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, core)
                || (instance is not null && Own.Is(instance, code)))
        {
            return null;
        }

        if (!sources.Declares(member))
        {
            return member is IFieldSymbol { IsReadOnly: true } || KnownPure.Is(member) ? null
                : Fault.Unseen($"'{member.ContainingType.Name}.{member.Name}' of another assembly may be written");
        }

        return Kept(member.OriginalDefinition, op);
    }

    private Fault? Kept(ISymbol member, IOperation op)
    {
        if (_read.TryGetValue(member, out var known))
        {
            return known;
        }

        _read.Add(member, null);
        return _read[member] = Rewritten(member, op) ?? Shared(member) ?? Function(member) ?? Sequence(member);
    }

    private Fault? Rewritten(ISymbol member, IOperation op)
    {
        var isFixed = member is IFieldSymbol { IsReadOnly: true }
            or IPropertySymbol { SetMethod: null or { IsInitOnly: true } };
        if (member is IFieldSymbol { IsStatic: true } && HandWritten.Types.Attribute(member, PerThread) is not null)
        {
            return Fault.At(op.Syntax, "is another one in each thread", State);
        }

        if (!isFixed && IsOpen((member as IPropertySymbol)?.SetMethod ?? member))
        {
            return Fault.At(op.Syntax, "can be written from outside", member is IFieldSymbol ? "make it readonly"
                : "leave its setter out, or make it init");
        }

        var holds = HeldBy(member);
        return (isFixed && (holds is null || !KnownPure.IsCollection(holds)))
            || Writes.Find(member, sources, token) is not { } write ? null
            : Fault.At(op.Syntax, $"is written by {Fault.Quote(Around(write))}{Fault.Place(write)}", State);
    }

    /// <summary>A collection that others can reach, and write entries of.</summary>
    private static Fault? Shared(ISymbol member) =>
        member is IFieldSymbol or IPropertySymbol && HeldBy(member) is { } type && KnownPure.CanBeWritten(type)
        && IsOpen((member as IPropertySymbol)?.GetMethod ?? member) && !KnownPure.IsMarked(member)
            ? new(
                $"what '{member.Name}' holds can be written from outside",
                "make it private, or show it as an IReadOnlyList or an ImmutableArray of its own", IsSeen: false)
            : null;

    private static ITypeSymbol? HeldBy(ISymbol member) => (member as IFieldSymbol)?.Type
        ?? (member as IPropertySymbol)?.Type ?? (member as IParameterSymbol)?.Type ?? (member as ILocalSymbol)?.Type;

    /// <summary>
    /// A sequence that is computed each time it is read: what is wrong in the functions that compute it.
    /// </summary>
    private Fault? Sequence(ISymbol member)
    {
        if (HeldBy(member) is not { TypeKind: TypeKind.Interface } type || !IsDeferred(type))
        {
            return null;
        }

        Fault? unseen = null;
        foreach (var op in _implementations.Given(member, token).SelectMany(g => g.DescendantsAndSelf()))
        {
            var fault = op switch
            {
                IAnonymousFunctionOperation lambda => In(new(lambda, Outlives: true)),
                IInvocationOperation { TargetMethod: var method } when sources.Declares(method)
                    && IsDeferred(method.ReturnType) => Read(method.OriginalDefinition),
                _ => null,
            };
            if (fault is { IsSeen: true })
            {
                return fault;
            }

            unseen ??= fault;
        }

        return unseen;
    }

    private static bool IsDeferred(ITypeSymbol type) =>
        type.OriginalDefinition.SpecialType is SpecialType.System_Collections_Generic_IEnumerable_T
            or SpecialType.System_Collections_IEnumerable
        || type.Name is "IOrderedEnumerable" or "IQueryable" or "IGrouping" or "ILookup"
            && type.ContainingNamespace.IsNamed("System.Linq");

    /// <summary>The expression that writes a name.</summary>
    private static SyntaxNode Around(SyntaxNode name) =>
        name.Ancestors().TakeWhile(a => a is ExpressionSyntax or ArgumentSyntax or ArgumentListSyntax).LastOrDefault()
        ?? name;

    /// <summary>Whether other assemblies can write.</summary>
    private static bool IsOpen(ISymbol setter)
    {
        for (var at = setter is IParameterSymbol ? null
            : setter; at is not null and not INamespaceSymbol; at = at.ContainingSymbol)
        {
            if (at.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected
                or Accessibility.ProtectedOrInternal))
            {
                return false;
            }
        }

        return setter is not IParameterSymbol;
    }

    /// <summary>What is wrong in the functions that a member of a delegate's type holds.</summary>
    private Fault? Function(ISymbol member)
    {
        var type = HeldBy(member);
        if (!HoldsFunctions(type))
        {
            return null;
        }

        Fault? unseen = KnownPure.IsMarked(member) ? null
            : Fault.Unseen($"what '{member.Name}' holds is not seen here");
        var given = _implementations.Given(member, token).ToList();
        var isSeen = given.Count > 0;
        foreach (var value in given)
        {
            var functions = value.DescendantsAndSelf()
                .Where(o => o is IAnonymousFunctionOperation or IMethodReferenceOperation).ToList();
            var handed = value.DescendantsAndSelf().OfType<IParameterReferenceOperation>()
                .FirstOrDefault(p => HoldsFunctions(p.Parameter.Type));
            isSeen &= functions.Count > 0 || (handed is not null && KnownPure.IsMarked(handed.Parameter))
                || value.ConstantValue is { HasValue: true, Value: null };
            foreach (var function in functions)
            {
                var fault = function is IMethodReferenceOperation method ? Of(method, new(method))
                    : In(new(function, Outlives: true));
                if (fault is not null)
                {
                    return fault;
                }
            }
        }

        return isSeen ? null : unseen;
    }

    private static bool HoldsFunctions(ITypeSymbol? type) => type switch
    {
        { TypeKind: TypeKind.Delegate } => true,
        IArrayTypeSymbol array => HoldsFunctions(array.ElementType),
        INamedTypeSymbol { IsGenericType: true } named => named.TypeArguments.Any(HoldsFunctions),
        _ => false,
    };

    private static bool IsWritten(IOperation op) => op.Parent switch
    {
        ISimpleAssignmentOperation assignment => assignment.Target == op,
        ITupleOperation { Parent: IDeconstructionAssignmentOperation taken } tuple => taken.Target == tuple,
        _ => false,
    };

    private Fault? Written(IOperation target, Code code) => Operations.Unwrap(target) switch
    {
        ITupleOperation tuple => tuple.Elements.Select(e => Written(e, code)).FirstOrDefault(f => f is not null),
        IDeclarationExpressionOperation or IDiscardOperation or IInvalidOperation => null,
        ILocalReferenceOperation { Local: var local } reference =>
            local.RefKind != RefKind.None || (code.Outlives && !IsInside(local, code)) ? Changes(reference) : null,
        IParameterReferenceOperation { Parameter: var parameter } reference =>
            (code.Outlives && !IsInside(parameter, code)) || IsCaptured(parameter, code) ? Changes(reference) : null,
        IMemberReferenceOperation { Instance: { } instance } when Own.Is(instance, code) => null,
        IArrayElementReferenceOperation element when Own.Is(element.ArrayReference, code) => null,
        var other => Changes(other),
    };

    private static bool IsCaptured(IParameterSymbol parameter, Code code) =>
        parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } && !code.MakesThis;

    private static bool IsInside(ISymbol variable, Code code) =>
        variable.DeclaringSyntaxReferences
            .Any(r => r.SyntaxTree == code.Root.Syntax.SyntaxTree && code.Root.Syntax.Span.Contains(r.Span));

    private static Fault Changes(IOperation target) => Fault.At(target.Syntax, "is written", State);

    /// <summary>A collection that a call changes, where that is not the caller's own.</summary>
    private static Fault? Changed(IInvocationOperation call, Code code)
    {
        if (!KnownPure.Changes(call.TargetMethod))
        {
            return null;
        }

        var name = call.TargetMethod.Name;
        var target = name.Contains("Copy")
            ? call.Arguments
            .FirstOrDefault(a => a.Parameter?.Name is "destinationArray" or "destination" or "array"
            or "arrayIndex")?.Value
            : call.Instance ?? call.Arguments.FirstOrDefault()?.Value;
        return target is null || Own.Is(target, code) ? null
            : Fault.At(call.Syntax, $"changes {Fault.Quote(target.Syntax)}", State);
    }
}
