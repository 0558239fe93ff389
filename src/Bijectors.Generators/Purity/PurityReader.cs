using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Purity;

/// <summary>
/// Reads what an expression calls, as far as its source is in the compilation, and says what in it is not the same in both directions, or cannot be seen.
/// </summary>
/// <param name="core">The assembly of Bijector, whose contract is believed.</param>
/// <param name="compilation">Where the source of callees is found.</param>
/// <param name="token">Stops the search.</param>
internal sealed class PurityReader(IAssemblySymbol core, Compilation compilation, CancellationToken token)
{
    // Calls nest on our stack as well.
    private const int Deepest = 50;

    private const string State = "compute it from arguments and readonly fields alone, or hand it in as the context";

    private readonly Dictionary<ISymbol, Fault?> _read = new(SymbolEqualityComparer.Default);
    private readonly Implementations _implementations = new(compilation, core);
    private int _depth;

    /// <summary>What is wrong with an operation, apart from what is wrong with its operands.</summary>
    public Fault? Of(IOperation op, Code code)
    {
        token.ThrowIfCancellationRequested();
        if (op.Parent is INameOfOperation)
        {
            return null;
        }

        if (Impurity.Of(op) is { } impurity)
        {
            return op is IInvocationOperation writing && Impurity.WrittenOver(writing) is { } over && Own.Is(over, code) && !IsRandom(impurity)
                ? null
                : Fault.At(op.Syntax, impurity.Does, impurity.Instead);
        }

        return op switch
        {
            IInvocationOperation { TargetMethod.MethodKind: MethodKind.LocalFunction or MethodKind.DelegateInvoke } => null,
            IInvocationOperation call => Changed(call, code) ?? Called(call.TargetMethod, call.Instance, call, code),
            IObjectCreationOperation { Constructor: { } constructor } made => Called(constructor, null, made, code),
            IMethodReferenceOperation { Method.MethodKind: not MethodKind.LocalFunction } method => Called(method.Method, method.Instance, method, code),
            IPropertyReferenceOperation property => IsWritten(property) ? null : Got(property, code),
            IFieldReferenceOperation field => IsWritten(field) ? null : Held(field.Field, field.Instance, field, code),
            IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } captured when !code.MakesThis =>
                Kept(captured.Parameter, captured),
            IBinaryOperation { OperatorMethod: { } method } => Called(method, null, op, code),
            IBinaryOperation { Type.SpecialType: SpecialType.System_String } sum => Shown(sum.LeftOperand) ?? Shown(sum.RightOperand),
            IUnaryOperation { OperatorMethod: { } method } => Called(method, null, op, code),
            IConversionOperation { OperatorMethod: { } method } => Called(method, null, op, code),
            IAssignmentOperation assignment => Written(assignment.Target, code) ?? (assignment is ICompoundAssignmentOperation { OperatorMethod: { } method } ? Called(method, null, op, code) : null),
            IIncrementOrDecrementOperation increment => Written(increment.Target, code),
            IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => Written(argument.Value, code),
            IForEachLoopOperation loop => RunThrough(loop, code),
            IEventReferenceOperation raised => Fault.At(raised.Syntax, "is what others have added to it by now", State),
            IInterpolationOperation text => Shown(text.Expression),
            IDynamicInvocationOperation or IDynamicMemberReferenceOperation or IDynamicIndexerAccessOperation => Fault.Unseen($"{Fault.Quote(op.Syntax)} is decided on while it runs"),
            IFunctionPointerInvocationOperation => Fault.Unseen($"what {Fault.Quote(op.Syntax)} calls is decided on while it runs"),
            _ => null,
        };
    }

    private static bool IsRandom(Impurity impurity) => impurity.Does.Contains("another value");

    /// <summary>What is wrong in a piece of code: what is seen before what is not.</summary>
    private Fault? In(Code code)
    {
        Fault? unseen = null;
        foreach (var op in code.Root.DescendantsAndSelf())
        {
            if (Of(op, code) is { } fault)
            {
                if (fault.IsSeen)
                {
                    return fault;
                }

                unseen ??= fault;
            }
        }

        return unseen;
    }

    private Fault? Called(IMethodSymbol called, IOperation? instance, IOperation op, Code code)
    {
        var method = (called.ReducedFrom ?? called).OriginalDefinition;
        if (SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, core) || method.ContainingAssembly?.Name == "TorchSharp")
        {
            return instance is null ? null : FirstOf(_implementations.Behind(method, instance, code.Root, token));
        }

        if (method.DeclaringSyntaxReferences.IsEmpty && !IsOurs(method))
        {
            return KnownPure.Is(method) || op is IObjectCreationOperation { Type.TypeKind: TypeKind.Delegate } ? null
                : Fault.Unseen($"'{method.ContainingType.Name}.{Name(method)}' is in the assembly '{method.ContainingAssembly?.Name}', which cannot be looked into");
        }

        return op is IInvocationOperation { IsVirtual: true } or IPropertyReferenceOperation or IMethodReferenceOperation { IsVirtual: true } && instance?.Type is { } receiver
            ? FirstOf(_implementations.Of(method, receiver), method)
            : Read(method);
    }

    private bool IsOurs(IMethodSymbol method) => SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, compilation.Assembly);

    private Fault? FirstOf(IEnumerable<IMethodSymbol> methods, IMethodSymbol? declared = null)
    {
        Fault? unseen = null;
        var any = false;
        foreach (var method in methods)
        {
            any = true;
            if (Read(method) is { } fault)
            {
                if (fault.IsSeen)
                {
                    return fault;
                }

                unseen ??= fault;
            }
        }

        return any || declared is null || KnownPure.IsMarked(declared) ? unseen : Fault.Unseen($"nothing in this project implements '{declared.ContainingType.Name}.{Name(declared)}'");
    }

    /// <summary>What is wrong in a method with source.</summary>
    private Fault? Read(IMethodSymbol method)
    {
        if (_read.TryGetValue(method, out var known))
        {
            return known;
        }

        // Where a method calls itself, what is wrong is found where it was entered.
        _read.Add(method, null);
        if (++_depth > Deepest)
        {
            _depth--;
            return Fault.Unseen($"'{Name(method)}' is called too deep in other calls to be looked into");
        }

        Fault? fault = null;
        var any = false;
        foreach (var code in Bodies(method))
        {
            any = true;
            fault = In(code) is { } found && (fault is null || found.IsSeen) ? found : fault;
            if (fault?.IsSeen == true)
            {
                break;
            }
        }

        _depth--;
        fault = any || method.IsImplicitlyDeclared || method.MethodKind is MethodKind.Constructor or MethodKind.PropertyGet || method.ContainingType.IsRecord
            ? fault
            : Fault.Unseen($"'{Name(method)}' has no body here");
        fault = fault is { IsSeen: false } && KnownPure.IsMarked(method) ? null : fault;
        return _read[method] = fault;
    }

    private IEnumerable<Code> Bodies(IMethodSymbol method)
    {
        var makes = method.MethodKind == MethodKind.Constructor;
        foreach (var syntax in (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences.Select(r => r.GetSyntax(token)))
        {
            if (syntax is BaseTypeDeclarationSyntax)
            {
                continue;
            }

            if (compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, token) is { } body)
            {
                yield return new(body, makes);
            }
        }

        if (makes)
        {
            foreach (var initializer in method.ContainingType.GetMembers().Where(m => m is IFieldSymbol or IPropertySymbol && m.IsStatic == method.IsStatic).Select(Initializer).OfType<IOperation>())
            {
                yield return new(initializer, MakesThis: true);
            }
        }
    }

    private IOperation? Initializer(ISymbol member)
    {
        var value = member.DeclaringSyntaxReferences.Select(r => r.GetSyntax(token)).Select(s => s switch
        {
            VariableDeclaratorSyntax { Initializer: { } field } => field,
            PropertyDeclarationSyntax { Initializer: { } property } => property,
            _ => null,
        }).FirstOrDefault(i => i is not null);
        return value is null ? null : compilation.GetSemanticModel(value.SyntaxTree).GetOperation(value, token);
    }

    private Fault? Got(IPropertyReferenceOperation reference, Code code)
    {
        var property = reference.Property;
        return property.DeclaringSyntaxReferences.IsEmpty || property.GetMethod is null ? property.GetMethod is { } getter ? Called(getter, reference.Instance, reference, code) : null
            : SymbolEqualityComparer.Default.Equals(property.ContainingAssembly, core) ? null
            : IsAuto(property) ? Held(property, reference.Instance, reference, code)
            : Called(property.GetMethod, reference.Instance, reference, code);
    }

    private static bool IsAuto(IPropertySymbol property) =>
        !property.IsAbstract && property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(f => SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, property.OriginalDefinition));

    /// <summary>A field or an auto-property that is read.</summary>
    private Fault? Held(ISymbol member, IOperation? instance, IOperation op, Code code)
    {
        if (member is IFieldSymbol { IsConst: true } || member.ContainingType is { IsTupleType: true } or { IsAnonymousType: true } or { TypeKind: TypeKind.Enum }
            || SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, core) || (instance is not null && Own.Is(instance, code)))
        {
            return null;
        }

        if (member.DeclaringSyntaxReferences.IsEmpty)
        {
            return member is IFieldSymbol { IsReadOnly: true } || KnownPure.Is(member) ? null
                : Fault.Unseen($"'{member.ContainingType.Name}.{member.Name}' is in the assembly '{member.ContainingAssembly?.Name}' and may be written");
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
        return _read[member] = Rewritten(member, op) ?? Function(member);
    }

    private Fault? Rewritten(ISymbol member, IOperation op)
    {
        var isFixed = member is IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null or { IsInitOnly: true } };
        if (!isFixed && (member is IFieldSymbol { IsStatic: true } or IPropertySymbol { IsStatic: true } || IsOpen((member as IPropertySymbol)?.SetMethod ?? member)))
        {
            return Fault.At(op.Syntax, "can be written from outside", member is IFieldSymbol ? "make it readonly" : "leave its setter out, or make it init");
        }

        var holds = (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type;
        return (isFixed && (holds is null || !KnownPure.IsCollection(holds))) || Writes.Find(member, compilation, token) is not { } write ? null
            : Fault.At(op.Syntax, $"is written by {Fault.Quote(Around(write))}{Fault.Place(write)}", State);
    }

    /// <summary>The expression that writes a name.</summary>
    private static SyntaxNode Around(SyntaxNode name) => name.Ancestors().TakeWhile(a => a is ExpressionSyntax or ArgumentSyntax or ArgumentListSyntax).LastOrDefault() ?? name;

    /// <summary>Whether other assemblies can write.</summary>
    private static bool IsOpen(ISymbol setter)
    {
        for (var at = setter is IParameterSymbol ? null : setter; at is not null and not INamespaceSymbol; at = at.ContainingSymbol)
        {
            if (at.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal))
            {
                return false;
            }
        }

        return setter is not IParameterSymbol;
    }

    /// <summary>What is wrong in the functions that a member of a delegate's type holds.</summary>
    private Fault? Function(ISymbol member)
    {
        var type = (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type ?? (member as IParameterSymbol)?.Type;
        if (!HoldsFunctions(type))
        {
            return null;
        }

        Fault? unseen = KnownPure.IsMarked(member) ? null : Fault.Unseen($"what '{member.Name}' holds is not seen here");
        var given = _implementations.Given(member, token).ToList();
        var isSeen = given.Count > 0;
        foreach (var value in given)
        {
            var functions = value.DescendantsAndSelf().Where(o => o is IAnonymousFunctionOperation or IMethodReferenceOperation).ToList();
            var handed = value.DescendantsAndSelf().OfType<IParameterReferenceOperation>().FirstOrDefault(p => HoldsFunctions(p.Parameter.Type));
            isSeen &= functions.Count > 0 || (handed is not null && KnownPure.IsMarked(handed.Parameter)) || value.ConstantValue is { HasValue: true, Value: null };
            foreach (var function in functions)
            {
                var fault = function is IMethodReferenceOperation method ? Of(method, new(method)) : In(new(function, Outlives: true));
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
        ILocalReferenceOperation { Local: var local } reference => local.RefKind != RefKind.None || (code.Outlives && !IsInside(local, code)) ? Changes(reference) : null,
        IParameterReferenceOperation { Parameter: var parameter } reference => (code.Outlives && !IsInside(parameter, code)) || IsCaptured(parameter, code) ? Changes(reference) : null,
        IMemberReferenceOperation { Instance: { } instance } when Own.Is(instance, code) => null,
        IArrayElementReferenceOperation element when Own.Is(element.ArrayReference, code) => null,
        var other => Changes(other),
    };

    private static bool IsCaptured(IParameterSymbol parameter, Code code) =>
        parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } && !code.MakesThis;

    private static bool IsInside(ISymbol variable, Code code) =>
        variable.DeclaringSyntaxReferences.Any(r => r.SyntaxTree == code.Root.Syntax.SyntaxTree && code.Root.Syntax.Span.Contains(r.Span));

    private static Fault Changes(IOperation target) => Fault.At(target.Syntax, "is written", State);

    /// <summary>A collection that a call changes, where that is not the caller's own.</summary>
    private static Fault? Changed(IInvocationOperation call, Code code)
    {
        if (!KnownPure.Changes(call.TargetMethod))
        {
            return null;
        }

        var name = call.TargetMethod.Name;
        var target = name.Contains("Copy") ? call.Arguments.FirstOrDefault(a => a.Parameter?.Name is "destinationArray" or "destination" or "array" or "arrayIndex")?.Value
            : call.Instance ?? call.Arguments.FirstOrDefault()?.Value;
        return target is null || Own.Is(target, code) ? null : Fault.At(call.Syntax, $"changes {Fault.Quote(target.Syntax)}", State);
    }

    private Fault? RunThrough(IForEachLoopOperation loop, Code code)
    {
        if (loop.Syntax is not CommonForEachStatementSyntax syntax || loop.SemanticModel is not { } model)
        {
            return null;
        }

        var info = model.GetForEachStatementInfo(syntax);
        return new[] { info.GetEnumeratorMethod, info.MoveNextMethod, info.CurrentProperty?.GetMethod }.OfType<IMethodSymbol>()
            .Where(m => !m.DeclaringSyntaxReferences.IsEmpty).Select(m => Called(m, null, loop, code)).FirstOrDefault(f => f is not null);
    }

    /// <summary>An object that is made text of.</summary>
    private Fault? Shown(IOperation value) =>
        Operations.Unwrap(value).Type is { DeclaringSyntaxReferences.IsEmpty: false, TypeKind: not TypeKind.Enum } type && !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, core)
        && compilation.ObjectType.GetMembers("ToString").OfType<IMethodSymbol>().FirstOrDefault() is { } show
            ? FirstOf(_implementations.Of(show, type))
            : null;

    private static string Name(IMethodSymbol method) =>
        method.MethodKind == MethodKind.Constructor ? method.ContainingType.Name : method.AssociatedSymbol?.Name ?? method.Name;
}
