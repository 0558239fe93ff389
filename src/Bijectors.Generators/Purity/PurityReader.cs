using Bijectors.Generators.Incremental;
using Bijectors.Generators.Parse;
using Bijectors.Generators.Parse.Forms;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Purity;

/// <summary>
/// Reads what an expression calls, as far as its source is in the compilation, and says what in it is not the same in
/// both directions, or cannot be seen.
/// </summary>
/// <param name="core">The assembly of Bijector, whose contract is believed.</param>
/// <param name="sources">Where the source of callees is found.</param>
/// <param name="token">Stops the search.</param>
internal sealed partial class PurityReader(IAssemblySymbol core, Sources sources, CancellationToken token)
{
    // Calls nest on our stack as well.
    private const int Deepest = 50;

    private readonly Dictionary<ISymbol, Fault?> _read = new(SymbolEqualityComparer.Default);
    private readonly Implementations _implementations = new(sources, core);
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
            return impurity.Overwrites && Impurity.WrittenOver((IInvocationOperation)op) is { } over
                && Own.Is(over, code)
                ? null
                : Fault.At(op.Syntax, impurity.Does, impurity.Instead);
        }

        return op switch
        {
            IInvocationOperation { TargetMethod.MethodKind: MethodKind.LocalFunction or MethodKind.DelegateInvoke } =>
                null,
            IInvocationOperation call => Changed(call, code) ?? Called(call.TargetMethod, call.Instance, call, code),
            IObjectCreationOperation { Constructor: { } constructor } made => Called(constructor, null, made, code),
            IMethodReferenceOperation { Method.MethodKind: not MethodKind.LocalFunction } method =>
                Called(method.Method, method.Instance, method, code),
            IPropertyReferenceOperation property => IsWritten(property) ? null : Got(property, code),
            IFieldReferenceOperation field => IsWritten(field) ? null : Held(field.Field, field.Instance, field, code),
            IParameterReferenceOperation captured when IsCaptured(captured.Parameter, code) =>
                Kept(captured.Parameter, captured),
            IBinaryOperation { OperatorMethod: { } method } => Called(method, null, op, code),
            IBinaryOperation { Type.SpecialType: SpecialType.System_String } sum =>
                Shown(sum.LeftOperand) ?? Shown(sum.RightOperand),
            IUnaryOperation { OperatorMethod: { } method } => Called(method, null, op, code),
            IConversionOperation { OperatorMethod: { } method } => Called(method, null, op, code),
            ICompoundAssignmentOperation { OperatorMethod: { } method } sum =>
                Written(sum.Target, code) ?? Called(method, null, op, code),
            IAssignmentOperation assignment => Written(assignment.Target, code) ?? Implied(op, code),
            IIncrementOrDecrementOperation increment => Written(increment.Target, code),
            IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument =>
                Written(argument.Value, code),
            IForEachLoopOperation loop => Implied(Steps(loop), loop, code),
            IEventReferenceOperation raised => Fault.At(raised.Syntax, "is what others have added to it by now", State),
            IInterpolationOperation text => Shown(text.Expression),
            IDynamicInvocationOperation or IDynamicMemberReferenceOperation or IDynamicIndexerAccessOperation =>
                Fault.Unseen($"{Fault.Quote(op.Syntax)} is decided on while it runs"),
            IFunctionPointerInvocationOperation =>
                Fault.Unseen($"what {Fault.Quote(op.Syntax)} calls is decided on while it runs"),
            _ => Implied(op, code),
        };
    }

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
        if (SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, core)
            || method.ContainingAssembly?.Name == "TorchSharp")
        {
            return instance is null ? null : FirstOf(_implementations.Behind(method, instance, code.Root, token));
        }

        if (!sources.Declares(method))
        {
            return KnownPure.Is(method) ? CalledBack(method, op, code)
                : op is IObjectCreationOperation { Type.TypeKind: TypeKind.Delegate } ? null
                : Fault.Unseen($"'{method.ContainingType.Name}.{Name(method)}' has no source in this project");
        }

        return op is IInvocationOperation { IsVirtual: true } or IPropertyReferenceOperation
            or IMethodReferenceOperation { IsVirtual: true } && instance?.Type is { } receiver
            ? FirstOf(_implementations.Of(method, receiver), method)
            : Read(method);
    }

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

        return any || declared is null || KnownPure.IsMarked(declared) ? unseen
            : Fault.Unseen($"nothing in this project implements '{declared.ContainingType.Name}.{Name(declared)}'");
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

        if (fault is not { IsSeen: true } && FirstOf(Besides(method)) is { } beside)
        {
            fault = beside;
        }

        _depth--;
        fault = any || method.IsImplicitlyDeclared
            || method.MethodKind is MethodKind.Constructor or MethodKind.PropertyGet || method.ContainingType.IsRecord
            ? fault
            : Fault.Unseen($"'{Name(method)}' has no body here");
        fault = fault is { IsSeen: false } && KnownPure.IsMarked(method) ? null : fault;
        return _read[method] = fault;
    }

    /// <summary>
    /// What runs with a method though it does not call it: its base class's constructor, and what its attribute names.
    /// </summary>
    private IEnumerable<IMethodSymbol> Besides(IMethodSymbol method) =>
        method is { MethodKind: MethodKind.Constructor, IsStatic: false,
            ContainingType.BaseType.OriginalDefinition: { } sup }
            ? sup.InstanceConstructors.Where(c => c.Parameters.IsEmpty && sources.Declares(c))
            : OwnRow.Twins(method).Concat(OfRecord(method));

    private IEnumerable<Code> Bodies(IMethodSymbol method)
    {
        var makes = method.MethodKind == MethodKind.Constructor;
        foreach (var syntax in (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences
            .Select(r => r.GetSyntax(token)))
        {
            if (syntax is BaseTypeDeclarationSyntax)
            {
                continue;
            }

            if (sources.Operation(syntax, token) is { } body)
            {
                yield return new(body, makes);
            }
        }

        if (makes)
        {
            foreach (var initializer in method.ContainingType.GetMembers()
                .Where(m => m is IFieldSymbol or IPropertySymbol && m.IsStatic == method.IsStatic).Select(Initializer)
                .OfType<IOperation>())
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
        return value is null ? null : sources.Operation(value, token);
    }

    /// <summary>An object that is made text of.</summary>
    private Fault? Shown(IOperation value) =>
        Operations.Unwrap(value).Type is { DeclaringSyntaxReferences.IsEmpty: false, TypeKind: not TypeKind.Enum } type
            && !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, core)
        && sources.Compilation.ObjectType.GetMembers("ToString").OfType<IMethodSymbol>().FirstOrDefault() is { } show
            ? FirstOf(_implementations.Of(show, type))
            : null;

    private static string Name(IMethodSymbol method) =>
        method.MethodKind == MethodKind.Constructor ? method.ContainingType.Name
            : method.AssociatedSymbol?.Name ?? method.Name;
}
