using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Purity;

/// <summary>What lambdas and delegates do, and what variables and types hold.</summary>
internal sealed partial class BatchCheck
{
    /// <summary>The lambda or the method that an argument is; null for other arguments.</summary>
    private static IOperation? FunctionIn(IOperation value) => Reduction.Plain(value) switch
    {
        IDelegateCreationOperation { Target: IAnonymousFunctionOperation or IMethodReferenceOperation } made =>
            made.Target,
        IAnonymousFunctionOperation or IMethodReferenceOperation => Reduction.Plain(value),
        _ => null,
    };

    /// <summary>A value that is put where an expression stands: in a variable, or in what a variable holds.</summary>
    private Extent? Put(IOperation target, Extent? value)
    {
        for (IOperation? at = Operations.Unwrap(target); at is not null; at = at switch
        {
            IDeclarationExpressionOperation declared => Operations.Unwrap(declared.Expression),
            IMemberReferenceOperation { Instance: { } instance } => Operations.Unwrap(instance),
            IArrayElementReferenceOperation element => Operations.Unwrap(element.ArrayReference),
            _ => null,
        })
        {
            if (Operations.Variable(at) is { } variable)
            {
                var held = _extents.TryGetValue(variable, out var before) ? Extent.Join(before, value) : value;
                var holds = HoldsTensors(at.Type) || BatchSizes.IsNumber(at.Type);
                Assign(variable, holds ? held : null);
            }
        }

        return value;
    }

    /// <summary>The variables of a pattern.</summary>
    private Extent? Matched(IPatternOperation pattern, Extent? value)
    {
        foreach (var declared in pattern.DescendantsAndSelf().Select(p => p switch
        {
            IDeclarationPatternOperation one => one.DeclaredSymbol,
            IRecursivePatternOperation one => one.DeclaredSymbol,
            IListPatternOperation one => one.DeclaredSymbol,
            _ => null,
        }).OfType<ILocalSymbol>().Where(v => HoldsTensors(v.Type) || BatchSizes.IsNumber(v.Type)))
        {
            Assign(declared, value);
        }

        return value;
    }

    private Extent? Switched(ISwitchExpressionOperation choice)
    {
        var value = Visit(choice.Value);
        Counted(choice.Value, value, Operations.IsTensor(choice.Type));
        Extent? result = null;
        foreach (var arm in choice.Arms)
        {
            Matched(arm.Pattern, value);
            Visit(arm.Guard);
            result = Extent.Join(result, Visit(arm.Value));
        }

        return Carried(choice, BatchSizes.IsNumber(choice.Type) ? Extent.Join(value, result) : result);
    }

    /// <summary>
    /// What a call of a delegate gives, by the lambdas and methods that its variable or field is given.
    /// </summary>
    private Extent? Invoked(IInvocationOperation call, List<(IParameterSymbol? Parameter, Extent? Extent)> arguments)
    {
        var instance = Operations.Unwrap(call.Instance!);
        var given = instance is ILocalReferenceOperation or IParameterReferenceOperation
            ? Known(instance) is { } one ? [one] : [] : _implementations.Given(instance, _root, _token);
        Extent? result = null;
        var any = false;
        foreach (var function in given.SelectMany(g => g.DescendantsAndSelf()).Select(FunctionIn).OfType<IOperation>()
            .Distinct())
        {
            any = true;
            result = Extent.Join(
                result, Function(call, function, i => arguments.FirstOrDefault(a => a.Parameter?.Ordinal == i).Extent));
        }

        return !HoldsTensors(call.Type) ? null : any ? result : Extent.Unknown;
    }

    private Extent? Function(IOperation call, IOperation function, Func<int, Extent?> given)
    {
        if (function is IAnonymousFunctionOperation lambda)
        {
            var outer = _call;
            _call ??= call;
            var result = Lambda(lambda, given);
            _call = outer;
            return result;
        }

        var method = ((IMethodReferenceOperation)function).Method;
        if (_sources.Declares(method))
        {
            return Into(
                call, method,
                [.. method.Parameters.Select(p => ((IParameterSymbol?)p, given(p.Ordinal)))], null);
        }

        if (method.Parameters.Any(p => given(p.Ordinal) is not null) && method.ContainingAssembly.Name == "TorchSharp"
            && !BatchFunctions.IsElementwise(method.Name))
        {
            var isWhole = Reduction.RunsOverAll(method.Name) && method.Parameters.Length == 1;
            Report(call, isWhole ? "all axes" : "axes that are not known", isCertain: false, Instead);
        }

        return Extent.Unknown;
    }

    private Extent? Lambda(IAnonymousFunctionOperation lambda, Func<int, Extent?>? given)
    {
        // A function may call itself through the field that holds it.
        if (_inside.Count >= Deepest || _inside.Contains(lambda.Symbol, SymbolEqualityComparer.Default))
        {
            return Extent.Unknown;
        }

        _inside.Push(lambda.Symbol);
        foreach (var parameter in lambda.Symbol.Parameters)
        {
            _ = given?.Invoke(parameter.Ordinal) is { } extent && HoldsTensors(parameter.Type)
                ? Assign(parameter, extent) : null;
        }

        var outer = _returned;
        _returned = null;
        Visit(lambda.Body);
        _inside.Pop();
        var result = _returned;
        _returned = outer;
        return result;
    }

    /// <summary>
    /// The fewest axes that an event has where that is no constant: the number of a readonly field, the less of two, or
    /// one.
    /// </summary>
    private int LeastRank(INamedTypeSymbol type)
    {
        int Least(IOperation? value, int depth = 0) => value is null ? 1 : Reduction.Plain(value) switch
        {
            { ConstantValue: { HasValue: true, Value: int number } } => number,
            IConditionalOperation choice => Math.Min(Least(choice.WhenTrue, depth), Least(choice.WhenFalse, depth)),
            var other => depth < Deepest && Known(other) is { } given ? Least(given, depth + 1) : 1,
        };

        var getter = Operations.Bases(type).SelectMany(t => t.GetMembers("EventRank")).OfType<IPropertySymbol>()
            .FirstOrDefault()?.GetMethod;
        var returned = getter is null || !_sources.Declares(getter) ? []
            : getter.DeclaringSyntaxReferences.Select(r => _sources.Operation(r.GetSyntax(_token), _token))
                .SelectMany(o => o?.DescendantsAndSelf() ?? []).OfType<IReturnOperation>()
                .Select(r => Least(r.ReturnedValue)).ToList();
        return returned.DefaultIfEmpty(1).Min();
    }

    /// <summary>What a variable, a parameter or a readonly field is given, where that is one expression.</summary>
    private IOperation? Known(IOperation op)
    {
        switch (op)
        {
            case IParameterReferenceOperation { Parameter: var parameter }:
                return _given.TryGetValue(parameter, out var given) ? given : null;
            case ILocalReferenceOperation { Local: var local }:
                var isWritten = _root.Descendants().OfType<IAssignmentOperation>()
                    .Any(a => a.Target.DescendantsAndSelf().OfType<ILocalReferenceOperation>()
                        .Any(r => SymbolEqualityComparer.Default.Equals(r.Local, local)));
                return isWritten ? null : _root.Descendants().OfType<IVariableDeclaratorOperation>()
                    .FirstOrDefault(d => SymbolEqualityComparer.Default.Equals(d.Symbol, local))
                    ?.GetVariableInitializer()?.Value;
            case IFieldReferenceOperation { Field: { IsReadOnly: true } field } when _sources.Declares(field):
                return _implementations.Given(field, _token).ToList() is [var only] ? Initial(only) : null;
            default:
                return null;
        }
    }

    private static IOperation Initial(IOperation value) =>
        value is IFieldInitializerOperation field ? field.Value : value;

    /// <summary>Whether the axes of a call are computed from the number of axes of an event.</summary>
    private static bool TellsRank(IInvocationOperation call) =>
        call.Arguments.SelectMany(a => a.Value.DescendantsAndSelf()).Any(o =>
            o is IPropertyReferenceOperation { Property.Name: "EventRank" or "OutputEventRank" });

    /// <summary>Whether an object of a type may hold tensors.</summary>
    private bool HoldsTensors(ITypeSymbol? type) => HoldsTensors(type, 0);

    private bool HoldsTensors(ITypeSymbol? type, int depth) => type switch
    {
        _ when Operations.IsTensor(type) => true,
        _ when depth > 3 => false,
        IArrayTypeSymbol array => HoldsTensors(array.ElementType, depth + 1),
        ITypeParameterSymbol or { SpecialType: SpecialType.System_Object } => true,
        { TypeKind: TypeKind.Delegate or TypeKind.Enum } => false,
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.Any(e => HoldsTensors(e.Type, depth + 1)),
        INamedTypeSymbol named => named.TypeArguments.Any(t => HoldsTensors(t, depth + 1))
            || (_sources.Declares(named) || named.IsAnonymousType)
            && Operations.Bases(named).TakeWhile(t => _sources.Declares(t) || t.IsAnonymousType)
                .SelectMany(t => t.GetMembers())
                .Any(m => !m.IsStatic && (m is IFieldSymbol field && HoldsTensors(field.Type, depth + 1)
                    || m is IPropertySymbol property && HoldsTensors(property.Type, depth + 1))),
        _ => false,
    };
}
