using Bijectors.Generators.Diagnostics;
using Bijectors.Generators.Incremental;
using Bijectors.Generators.Language;
using Bijectors.Generators.Parse;
using Bijectors.Generators.Parse.Forms;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Purity;

/// <summary>
/// Finds known values in which the points of a batch see each other: reductions over axes that are not the event's.
/// </summary>
internal sealed class BatchCheck
{
    // How many calls deep it looks.
    private const int Deepest = 6;

    private readonly Dictionary<ISymbol, Extent> _extents = new(SymbolEqualityComparer.Default);
    private readonly HashSet<SyntaxNode> _reported = [];
    private readonly IAssemblySymbol _core;
    private readonly Sources _sources;
    private readonly Action<Diagnostic> _report;
    private readonly CancellationToken _token;
    private readonly Stack<IMethodSymbol> _inside = new();
    private readonly Implementations _implementations;
    private IOperation _root;
    private IOperation? _call;
    private Extent? _returned;
    private bool _mixes;

    private BatchCheck(IOperation root, IAssemblySymbol core, Sources sources, Action<Diagnostic> report,
        CancellationToken token)
    {
        (_root, _core, _sources, _report, _token) = (root, core, sources, report, token);
        _implementations = new(sources, core);
    }

    /// <returns>Whether no reduction over the batch was seen.</returns>
    public static bool Run(IMethodSymbol method, IMethodBodyOperation body, IAssemblySymbol core,
        Sources sources, Action<Diagnostic> report, CancellationToken token)
    {
        var check = new BatchCheck(body, core, sources, report, token);

        // Where the class says nothing, the compiler derives that an event is one number.
        var type = method.ContainingType;
        var rank = EventRanks.IsDeclared(type) ? EventRanks.Of(type, sources.Compilation) : 0;
        check._extents[method.Parameters[0]] = new(rank);
        foreach (var context in method.Parameters.Skip(1))
        {
            check._extents[context] = new(1);
        }

        check.Visit(body);
        return !check._mixes;
    }

    private Extent? Visit(IOperation? operation)
    {
        _token.ThrowIfCancellationRequested();
        if (operation is null or INameOfOperation)
        {
            return null;
        }

        var op = Operations.Unwrap(operation);
        if (BatchSizes.Asked(op) is var (tensor, along))
        {
            return Visit(tensor) is { } asked && BatchSizes.IsOfBatch(along, asked)
                ? Extent.Count with { IsPlain = asked is { IsPlain: true, Rank: not null } } : null;
        }

        switch (op)
        {
            case var _ when Operations.Variable(op) is { } variable:
                return _extents.TryGetValue(variable, out var extent) ? extent : null;
            case IVariableDeclaratorOperation { Symbol: var declared } declarator:
                return declarator.GetVariableInitializer() is { } initializer
                    ? Assign(declared, Visit(initializer.Value)) : null;
            case ISimpleAssignmentOperation assignment:
                var value = Visit(assignment.Value);
                return Operations.Variable(assignment.Target) is { } target ? Assign(target, value) : value;
            case IDeconstructionAssignmentOperation taken:
                return TakeApart(taken);
            case IForEachLoopOperation { LoopControlVariable: IVariableDeclaratorOperation { Symbol: var each } } loop:
                Assign(each, Visit(loop.Collection));
                Visit(loop.Body);
                return null;
            case IConditionalOperation choice:
                return Choose(choice);
            case IForLoopOperation { Condition: { } condition } loop:
                loop.Before.Select(Visit).ToList();
                Counted(condition, Visit(condition), isEntry: _call is null);
                loop.AtLoopBottom.Prepend(loop.Body).Select(Visit).ToList();
                return null;
            case IBinaryOperation binary:
                var (left, right) = (Visit(binary.LeftOperand), Visit(binary.RightOperand));
                Counted(binary.LeftOperand, left, Operations.IsTensor(op.Type));
                Counted(binary.RightOperand, right, Operations.IsTensor(op.Type));
                return Carried(op, Extent.Join(left, right));
            case IArrayElementReferenceOperation element:
                var array = Visit(element.ArrayReference);
                foreach (var index in element.Indices)
                {
                    var place = Visit(index);
                    Counted(index, place, HoldsTensors(op.Type));
                    array = Extent.Join(array, place);
                }

                return Carried(op, array);
            case IReturnOperation { ReturnedValue: { } returned }:
                _returned = Extent.Join(_returned, Visit(returned));
                return null;
            case IInvocationOperation call:
                return Call(call);
            case IPropertyReferenceOperation property:
                var held = property.ChildOperations.Select(Visit).ToList().Aggregate((Extent?)null, Extent.Join);
                if (held is { } picked && Operations.IsTensor(property.Instance?.Type))
                {
                    Moved(property, picked);
                }

                return held is not null && Operations.IsTensor(op.Type) ? Extent.Unknown : null;
            default:
                return Carried(op, op.ChildOperations.Select(Visit).ToList().Aggregate((Extent?)null, Extent.Join));
        }
    }

    /// <summary>What is known of a result, from what is known of its operands.</summary>
    private static Extent? Carried(IOperation op, Extent? inside) =>
        (inside is { IsCount: true } ? BatchSizes.IsNumber(op.Type) : HoldsTensors(op.Type)) ? inside : null;

    /// <summary>A number of points that becomes more than a shape.</summary>
    private void Counted(IOperation op, Extent? extent, bool isEntry)
    {
        if (isEntry && extent is { IsCount: true } count)
        {
            Report(
                op, "the batch, whose size it depends on", isCertain: count.IsPlain,
                "use sizes of the batch as shapes only");
        }
    }

    private Extent? Choose(IConditionalOperation choice)
    {
        // A method may check what it is given, and throw.
        var condition = Visit(choice.Condition);
        var throws = choice.WhenTrue is IThrowOperation
            || Operations.Unwrap(choice.WhenFalse ?? choice) is IThrowOperation
            || choice.WhenTrue is IBlockOperation { Operations: [IThrowOperation] };
        Counted(
            choice.Condition, condition,
            isEntry: !throws && (choice.Type is null ? _call is null : Operations.IsTensor(choice.Type)));
        var chosen = Extent.Join(Visit(choice.WhenTrue), Visit(choice.WhenFalse));
        return Carried(choice, BatchSizes.IsNumber(choice.Type) ? Extent.Join(condition, chosen) : chosen);
    }

    /// <summary>An index or a property of a tensor that moves axes or picks along one.</summary>
    private void Moved(IPropertyReferenceOperation property, Extent extent)
    {
        if (Reduction.Picks(property) || property.Property.Name is "T" or "H")
        {
            Along(property, 0, extent);
        }
        else if (property.Property.Name is "mT" or "mH")
        {
            AlongMatrices(property, extent);
        }
    }

    private void AlongMatrices(IOperation call, Extent extent)
    {
        Along(call, -1, extent);
        Along(call, -2, extent);
    }

    /// <summary>Whether axes of the batch and of the event change places, or that cannot be told.</summary>
    private void Permuted(IInvocationOperation call, Extent extent)
    {
        var order = call.Arguments.Where(a => !Operations.IsTensor(a.Parameter?.Type))
            .SelectMany(a => Reduction.Literals(a.Value)).ToList();
        if (order.Count == 0 || order.Contains(null))
        {
            return;
        }

        var batch = extent is { IsPlain: true, Rank: { } rank } ? Math.Max(order.Count - rank, 0) : 1;
        var from = order.Select(d => d < 0 ? d + order.Count : d).ToList();
        if (extent.LeadsBatch && from.Where((axis, i) => axis < batch ? i >= batch : i < batch).Any())
        {
            Report(
                call, "axes of the batch", isCertain: extent is { IsPlain: true, Rank: not null },
                "exchange axes of the event only");
        }
    }

    /// <summary>Layers of torch that a call runs.</summary>
    private void Run(IInvocationOperation call, Extent extent)
    {
        if (call is not { Instance: { } instance, TargetMethod: { Name: "call" or "forward" } method }
            || method.ContainingAssembly.Name != "TorchSharp")
        {
            return;
        }

        foreach (var made in _implementations.Given(instance, _root, _token).Prepend(Operations.Unwrap(instance)))
        {
            foreach (var layer in made.DescendantsAndSelf().OfType<IInvocationOperation>())
            {
                // What another layer gives has axes of its own.
                var given = layer == Operations.Unwrap(made) ? extent : Extent.Unknown;
                if (BatchModules.AxisOf(layer) is { } axis)
                {
                    Along(call, axis, given);
                }
                else if (BatchModules.Averages(layer))
                {
                    Report(call, "all axes", isCertain: false, "use the layer with Reduction.None");
                }
            }
        }
    }

    private Extent? Assign(ISymbol variable, Extent? value)
    {
        // What one branch makes independent of the point another may not.
        if (value is { } extent)
        {
            _extents[variable] = extent;
        }

        return value;
    }

    private Extent? TakeApart(IDeconstructionAssignmentOperation taken)
    {
        var targets = Targets(taken.Target).ToList();
        if (Operations.Unwrap(taken.Value) is ITupleOperation tuple && tuple.Elements.Length == targets.Count)
        {
            var values = tuple.Elements.Select(Visit).ToList();
            for (var i = 0; i < targets.Count; i++)
            {
                _ = targets[i] is { } target ? Assign(target, values[i]) : null;
            }

            return null;
        }

        var value = Visit(taken.Value);
        targets.ForEach(t => _ = t is null ? null : Assign(t, value));
        return value;
    }

    private static IEnumerable<ISymbol?> Targets(IOperation target) => target switch
    {
        IDeclarationExpressionOperation declaration => Targets(declaration.Expression),
        ITupleOperation tuple => tuple.Elements.SelectMany(Targets),
        _ => [Operations.Variable(target)],
    };

    private Extent? Call(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        var instance = Visit(call.Instance);
        var arguments = call.Arguments.OrderBy(a => a.Parameter?.Ordinal)
            .Select(a => (a.Parameter, Extent: Visit(a.Value))).ToList();
        var all = arguments.Select(a => a.Extent).Aggregate(instance, Extent.Join);
        if (all is not { } extent)
        {
            return null;
        }

        var isTorch = method.ContainingAssembly.Name == "TorchSharp";
        if (extent.IsCount)
        {
            return Counts(call, method, arguments, isTorch);
        }

        Counts(call, method, arguments, isTorch);
        Run(call, extent);
        if (isTorch && (call.Instance is null ? arguments[0].Extent : instance) is { } subject)
        {
            if (method.Name == "permute")
            {
                Permuted(call, subject);
            }
            else if (Reduction.IsOfMatrices(method.Name))
            {
                AlongMatrices(call, subject);
            }
        }

        if (Reduction.Of(call) is { } reduction)
        {
            return (call.Instance is null ? arguments[0].Extent : instance) is { } reduced
                ? Reduce(call, reduction, reduced) : extent;
        }

        if (Reindexing.Of(method) is { } moved)
        {
            return moved.ChangesRank ? Extent.Unknown : extent;
        }

        if (KnownFunctions.NameOf(method) is { } name)
        {
            return !HoldsTensors(method.ReturnType) ? null
                : KnownFunctions.IsElementwise(name)
                    || name is "narrow" or "where" or "nan_to_num" or "tril" or "triu" or "slice" or "to" or "type_as"
                    or "detach" or "contiguous" ? extent
                : name is "stack" or "unsqueeze" && IsFirst(call) ? Extent.Behind
                : name == "unsqueeze" && call.Arguments.LastOrDefault()?.Value.ConstantValue.Value is { } at
                    && Operations.AsDouble(at) < 0 ? extent.With(1)
                : Extent.Unknown;
        }

        var result = !_sources.Declares(method)
            || SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, _core) ? Extent.Unknown
            : Into(call, method, arguments);
        return HoldsTensors(method.ReturnType) || result is { IsCount: true } ? result : null;
    }

    /// <summary>Numbers of points among the arguments of a call; gives what is known where there is no more.</summary>
    private Extent? Counts(IInvocationOperation call, IMethodSymbol method,
        List<(IParameterSymbol? Parameter, Extent? Extent)> arguments, bool isTorch)
    {
        foreach (var argument in call.Arguments)
        {
            var given = arguments.FirstOrDefault(a => a.Parameter?.Ordinal == argument.Parameter?.Ordinal).Extent;
            Counted(
                argument.Value, given,
                isEntry: isTorch && argument.Parameter is { } parameter && BatchSizes.IsEntry(parameter));
        }

        return !_sources.Declares(method)
            ? !isTorch && BatchSizes.IsNumber(method.ReturnType) ? Extent.Count : null
            : Into(call, method, arguments);
    }

    private Extent? Into(IInvocationOperation call, IMethodSymbol called,
        List<(IParameterSymbol? Parameter, Extent? Extent)> arguments)
    {
        var method = called.OriginalDefinition;
        if (_inside.Count >= Deepest || _inside.Contains(method, SymbolEqualityComparer.Default))
        {
            return Extent.Unknown;
        }

        var (outerCall, outerReturned, outerRoot) = (_call, _returned, _root);
        (_call, _returned) = (_call ?? call, null);
        _inside.Push(method);
        foreach (var parameter in method.Parameters)
        {
            _extents.Remove(parameter);
            _ = arguments.FirstOrDefault(a => a.Parameter?.Ordinal == parameter.Ordinal).Extent is { } given
                ? Assign(parameter, given) : null;
        }

        foreach (var syntax in method.DeclaringSyntaxReferences.Select(r => r.GetSyntax(_token)))
        {
            if (_sources.Operation(syntax, _token) is { } body)
            {
                _root = body;
                Visit(body);
            }
        }

        _inside.Pop();
        var result = _returned;
        (_call, _returned, _root) = (outerCall, outerReturned, outerRoot);
        return result;
    }

    private Extent? Reduce(IInvocationOperation call, Reduction reduction, Extent extent)
    {
        if (reduction.IsWhole)
        {
            // A method may check all that it is given.
            if (_call is not null && call.TargetMethod.Name is "all" or "any")
            {
                return null;
            }

            Report(call, "all axes", isCertain: true, "name the axes of the event, counted from the end");
            return null;
        }

        foreach (var axis in reduction.Axes ?? [])
        {
            Along(call, axis, extent);
        }

        return extent.With(-reduction.Removed);
    }

    private void Along(IOperation call, int axis, Extent extent)
    {
        if (axis < 0 ? -axis > extent.Rank : extent.LeadsBatch && (axis == 0 || extent.IsPlain))
        {
            var isCertain = axis < 0 || (axis == 0 && extent is { IsPlain: true, Rank: not null });
            var instead = extent.Rank == 0
                ? "a map of single numbers has no axis of its own"
                : "count the axes of the event from the end";
            Report(call, FormattableString.Invariant($"axis {axis}"), isCertain, instead);
        }
    }

    private void Report(IOperation call, string over, bool isCertain, string instead)
    {
        // What shapes a method is given on other ways is not known here.
        isCertain &= _call is null;
        var at = (_call ?? call).Syntax;
        if (_reported.Add(at))
        {
            _mixes |= isCertain;
            var what = _call is null ? Fault.Quote(at) : $"{Fault.Quote(call.Syntax)}{Fault.Place(call.Syntax)}";
            var rule = isCertain ? Rules.MixesBatch : Rules.MayMixBatch;
            _report(Diagnostic.Create(rule, at.GetLocation(), what, over, instead));
        }
    }

    /// <summary>Whether a new axis stands first.</summary>
    private static bool IsFirst(IInvocationOperation call) =>
        call.Arguments.FirstOrDefault(a => a.Parameter?.Name == "dim")?.Value.ConstantValue.Value is { } dim
        && Operations.AsDouble(dim) == 0;

    private static bool HoldsTensors(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => HoldsTensors(array.ElementType),
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.Any(e => HoldsTensors(e.Type)),
        _ => Operations.IsTensor(type),
    };
}
