using Bijectors.Generators.Diagnostics;
using Bijectors.Generators.Incremental;
using Bijectors.Generators.Parse;
using Bijectors.Generators.Parse.Forms;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Purity;

/// <summary>
/// Finds known values in which the points of a batch see each other: reductions over axes that are not the event's.
/// </summary>
internal sealed partial class BatchCheck
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
    private readonly Dictionary<ISymbol, IOperation?> _given = new(SymbolEqualityComparer.Default);
    private IOperation _root;
    private Extent? _self;
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

        var rank = EventRanks.Of(method.ContainingType, sources.Compilation);
        check._extents[method.Parameters[0]] = rank is null ? new(check.LeastRank(method.ContainingType), IsGuess: true)
            : new(rank);
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
                ? Extent.Count with { IsPlain = asked.IsSure } : null;
        }

        if (BatchSizes.DimensionAsked(op) is { } counted)
        {
            return Visit(counted) is { } of ? Extent.Count with { IsPlain = of.IsPlain } : null;
        }

        if (BatchSizes.ShapeOf(op) is { } shaped)
        {
            return Visit(shaped) is { } shape ? shape with { IsCount = true, IsShape = true } : null;
        }

        switch (op)
        {
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                return _self;
            case IAnonymousFunctionOperation function:
                return Lambda(function, null);
            case var _ when Operations.Variable(op) is { } variable:
                return _extents.TryGetValue(variable, out var extent) ? extent : null;
            case IVariableDeclaratorOperation { Symbol: var declared } declarator:
                return declarator.GetVariableInitializer() is { } initializer
                    ? Assign(declared, Visit(initializer.Value)) : null;
            case ISimpleAssignmentOperation assignment:
                var value = Visit(assignment.Value);
                return Operations.Variable(assignment.Target) is { } target ? Assign(target, value)
                    : Put(assignment.Target, value);
            case ICompoundAssignmentOperation sum:
                return Put(sum.Target, Extent.Join(Visit(sum.Target), Visit(sum.Value)));
            case ICoalesceAssignmentOperation given:
                return Put(given.Target, Extent.Join(Visit(given.Target), Visit(given.Value)));
            case IObjectOrCollectionInitializerOperation filled:
                return filled.Initializers.Select(Visit).ToList().Aggregate((Extent?)null, Extent.Join);
            case IIsPatternOperation asked:
                return Matched(asked.Pattern, Visit(asked.Value)) is { IsCount: true } answer ? answer : null;
            case ISwitchExpressionOperation choice:
                return Switched(choice);
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
                if (binary.OperatorMethod is { } own && _sources.Declares(own) && Extent.Join(left, right) is not null)
                {
                    return Into(op, own, [(own.Parameters[0], left), (own.Parameters[1], right)], null);
                }

                return Carried(op, Extent.Join(left, right));
            case IUnaryOperation { OperatorMethod: { } one } unary when _sources.Declares(one):
                return Into(op, one, [(one.Parameters[0], Visit(unary.Operand))], null);
            case IConversionOperation { OperatorMethod: { } to } converted when _sources.Declares(to):
                return Into(op, to, [(to.Parameters[0], Visit(converted.Operand))], null);
            case IArrayElementReferenceOperation element:
                var array = Visit(element.ArrayReference);
                if (array is { IsShape: true } sizes)
                {
                    return element.Indices is [var size] && BatchSizes.Axis(size) is { } at
                        ? BatchSizes.IsOfBatch(at, sizes) ? Extent.Count with { IsPlain = sizes.IsSure } : null
                        : BatchSizes.IsNumber(op.Type) ? Extent.Count with { IsPlain = false } : null;
                }

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
                return Property(property);
            default:
                return Carried(op, op.ChildOperations.Select(Visit).ToList().Aggregate((Extent?)null, Extent.Join));
        }
    }

    /// <summary>What is known of a result, from what is known of its operands.</summary>
    private Extent? Carried(IOperation op, Extent? inside) =>
        inside is { IsCount: true }
            ? op is IArrayInitializerOperation || BatchSizes.IsNumber(op.Type) || BatchSizes.IsSizes(op.Type)
                ? inside : null
        : op is IArrayInitializerOperation || HoldsTensors(op.Type) ? inside : null;

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

    private Extent? Property(IPropertyReferenceOperation property)
    {
        var instance = Visit(property.Instance);
        var arguments = property.Arguments.Select(a => (a.Parameter, Extent: Visit(a.Value))).ToList();
        if (arguments.Select(a => a.Extent).Aggregate(instance, Extent.Join) is not { } held)
        {
            return null;
        }

        if (instance is { IsShape: true })
        {
            return BatchSizes.IsNumber(property.Type) ? Extent.Count with { IsPlain = held.IsPlain } : null;
        }

        if (instance is { IsCount: false } picked && Operations.IsTensor(property.Instance?.Type))
        {
            return Moved(property, picked);
        }

        if (property.Property.GetMethod is { IsAbstract: false } getter && _sources.Declares(getter)
            && Implementations.HasBody(getter))
        {
            return Into(property, getter, arguments, instance);
        }

        return !HoldsTensors(property.Type) ? null : instance is { IsCount: false } kept ? kept : Extent.Unknown;
    }

    private void AlongLast(IOperation call, int count, Extent extent)
    {
        for (var axis = -1; axis >= -count; axis--)
        {
            Along(call, axis, extent);
        }
    }

    /// <summary>Whether axes of the batch and of the event change places, or that cannot be told.</summary>
    private void Permuted(IInvocationOperation call, Extent extent)
    {
        var order = call.Arguments.Where(a => !Operations.IsTensor(a.Parameter?.Type))
            .SelectMany(a => Reduction.Literals(a.Value, Known)).ToList();
        if (order.Count == 0 || order.Contains(null))
        {
            return;
        }

        var batch = extent is { IsPlain: true, Rank: { } rank } ? Math.Max(order.Count - rank, 0) : 1;
        var from = order.Select(d => d < 0 ? d + order.Count : d).ToList();
        if (extent.LeadsBatch && from.Where((axis, i) => axis < batch ? i >= batch : i < batch).Any())
        {
            Report(
                call, "axes of the batch", isCertain: extent.IsSure,
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
        var isOwn = _sources.Declares(method)
            && !SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, _core);
        var arguments = call.Arguments.OrderBy(a => a.Parameter?.Ordinal)
            .Select(a => (a.Parameter, Extent: FunctionIn(a.Value) is null ? Visit(a.Value) : null)).ToList();
        var all = arguments.Select(a => a.Extent).Aggregate(instance, Extent.Join);
        if (!isOwn)
        {
            // A function that is handed in may be given what else is handed in.
            foreach (var function in call.Arguments.Select(a => FunctionIn(a.Value)).OfType<IOperation>())
            {
                all = Extent.Join(all, Function(call, function, _ => all));
            }
        }

        foreach (var written in call.Arguments.Where(a => a.Parameter is { RefKind: RefKind.Out or RefKind.Ref }))
        {
            Put(written.Value, all);
        }

        // What changes a collection puts in it what it is given.
        if (method.ReturnsVoid && HoldsTensors(call.Instance?.Type) && !Operations.IsTensor(call.Instance?.Type))
        {
            Put(call.Instance!, all);
        }

        if (method.MethodKind == MethodKind.DelegateInvoke)
        {
            return all is null ? null : Invoked(call, arguments);
        }

        if (all is not { } extent)
        {
            return isOwn && !call.Arguments.IsEmpty && call.Arguments.Any(a => FunctionIn(a.Value) is not null)
                ? Into(call, method, arguments, instance) : null;
        }

        var isTorch = method.ContainingAssembly.Name == "TorchSharp";
        var counted = Counts(call, method, arguments, isTorch);
        if (extent.IsCount)
        {
            return isTorch && HoldsTensors(method.ReturnType) ? Sized(call, method.Name) : counted;
        }

        Run(call, extent);
        var subject = call.Instance is null ? arguments[0].Extent : instance;
        if (Reduction.Of(call, Known) is { } reduction)
        {
            return subject is { IsCount: false } reduced ? Reduce(call, reduction, reduced) : extent;
        }

        if (Reindexing.Of(method) is { } moved)
        {
            return moved.ChangesRank ? Extent.Unknown : extent;
        }

        if (isTorch || KnownFunctions.NameOf(method) is not null)
        {
            var result = Torch(call, method, subject is { IsCount: false } given ? given : null, arguments, extent);
            return HoldsTensors(method.ReturnType) ? result : null;
        }

        var inside = isOwn ? Into(call, method, arguments, instance) : Extent.Unknown;
        return HoldsTensors(method.ReturnType) || inside is { IsCount: true } ? inside
            : call.Instance is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver }
                ? extent : null;
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

        // The last size of a shape is the event's.
        return isTorch || arguments.Any(a => a.Extent is { IsCount: false }) || method.Name == "Last" ? null
            : !_sources.Declares(method) ? BatchSizes.IsNumber(method.ReturnType) ? Extent.Count : null
            : Into(call, method, arguments, null);
    }

    private Extent? Into(IOperation call, IMethodSymbol called,
        List<(IParameterSymbol? Parameter, Extent? Extent)> arguments, Extent? self)
    {
        var method = called.OriginalDefinition;
        if (_inside.Count >= Deepest || _inside.Contains(method, SymbolEqualityComparer.Default))
        {
            return Extent.Unknown;
        }

        var (outerCall, outerReturned, outerRoot, outerSelf) = (_call, _returned, _root, _self);
        (_call, _returned, _self) = (_call ?? call, null, self is { IsCount: false } ? self : null);
        _inside.Push(method);
        foreach (var parameter in method.Parameters)
        {
            _extents.Remove(parameter);
            _ = arguments.FirstOrDefault(a => a.Parameter?.Ordinal == parameter.Ordinal).Extent is { } given
                ? Assign(parameter, given) : null;
            _given[parameter] = (call as IInvocationOperation)?.Arguments
                .FirstOrDefault(a => a.Parameter?.Ordinal == parameter.Ordinal)?.Value;
        }

        foreach (var syntax in method.DeclaringSyntaxReferences.Select(r => r.GetSyntax(_token)))
        {
            if (_sources.Operation(syntax, _token) is { } body)
            {
                _root = body;
                var value = Visit(body);
                _returned = Extent.Join(_returned, syntax is ArrowExpressionClauseSyntax ? value : null);
            }
        }

        _inside.Pop();
        var result = _returned;
        (_call, _returned, _root, _self) = (outerCall, outerReturned, outerRoot, outerSelf);
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

            Report(
                call, "all axes", isCertain: !extent.IsGuess || extent.IsPlain,
                "name the axes of the event, counted from the end");
            return null;
        }

        if (reduction.Axes is null && !TellsRank(call))
        {
            Report(call, "axes that are not told here", isCertain: false, "write the axes as -1, -2 and so on");
        }

        foreach (var axis in reduction.Axes ?? [])
        {
            Along(call, axis, extent);
        }

        var front = reduction.Removed == 0 ? 0 : reduction.Axes?.Count(a => a >= 0 && a < extent.Before) ?? 0;
        var rest = extent with { Before = extent.Before - front };
        return call.TargetMethod.Name == "unfold" ? rest.With(1) : rest.With(front - reduction.Removed);
    }

    private void Along(IOperation call, int axis, Extent extent)
    {
        if (axis < 0 ? -axis > extent.Rank : axis == extent.Before || (axis > extent.Before && extent.IsPlain))
        {
            var isCertain = axis < 0 ? extent is { IsGuess: false, Before: 0 } : axis == 0 && extent.IsSure;
            var instead = extent is { Rank: 0, IsGuess: false }
                ? "a map of single numbers has no axis of its own"
                : "count the axes of the event from the end";
            Report(call, FormattableString.Invariant($"axis {axis}"), isCertain, instead);
        }
    }

    private void Report(IOperation call, string over, bool isCertain, string instead)
    {
        // What shapes a method is given on other paths is not known here.
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
}
