using Bijectors.Generators.Analyse;
using Bijectors.Generators.Diagnostics;
using Bijectors.Generators.Parse.Forms;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.Generators.Parse;

/// <summary>Reads the body of a [Forward] method, statement by statement, into steps over parts.</summary>
internal sealed class ForwardParser
{
    private const string WholeTorch = "global::TorchSharp.torch";

    private readonly ValueTable _values;
    private readonly Scope _scope = new();
    private readonly PartParser _parts;
    private readonly Action<Diagnostic> _report;
    private readonly IMethodSymbol _method;
    private bool _failed;

    private readonly ControlParser _control;

    private ForwardParser(IMethodSymbol method, IOperation body, bool numerical, Action<Diagnostic> report)
    {
        _method = method;
        _values = new(LoopVariables(body).Contains("torch") ? WholeTorch : Torch(body));
        _report = diagnostic =>
        {
            _failed |= diagnostic.Severity == DiagnosticSeverity.Error;
            report(diagnostic);
        };
        _parts = new(_values, _scope, new References(body), numerical, _report) { HasFailed = () => _failed };
        _control = new(_values, _scope, _parts, Read, _report);
    }

    /// <summary>The model of a forward map, or null after errors have been reported.</summary>
    public static (ForwardModel Model, ValueTable Values)? Parse(
        IMethodSymbol method, IMethodBodyOperation body, bool numerical, Action<Diagnostic> report)
    {
        var parser = new ForwardParser(method, body, numerical, report);
        return parser.Run(body) is { } model ? (model, parser._values) : null;
    }

    private ForwardModel? Run(IMethodBodyOperation body)
    {
        var input = _scope.NewPart(_method.Parameters[0].Name);
        _scope.BindPart(_method.Parameters[0], input);
        if (_method.Parameters.Length > 1)
        {
            _scope.BindValue(_method.Parameters[1],
                _values.Add(new Leaf("context", ValueKind.Tensor, Sign.Unknown, IsContext: true)));
        }

        int? output = null;
        var steps = _parts.Block(() => output = Statements((body.BlockBody ?? body.ExpressionBody)!.Operations));
        foreach (var (_, by) in _parts.OnSurfaces.Where(p => output is not null && !_failed && p.Part != output))
        {
            _report(Diagnostic.Create(Rules.NotInvertible, by.Syntax.GetLocation(),
                $"'{by.Syntax}' gives points of a surface, and the log-det of a step behind it would depend on that "
                + "surface; return it as it is, and map further in a bijector of its own"));
        }

        return output is null || _failed ? null : new(
            new(_scope.PartNames), _values.Values, _values.Names, _values.Homes, _values.BlockEnds, steps,
            input, output.Value,
            new(Reserved(body, _method.ContainingType).Distinct(StringComparer.Ordinal)
                .OrderBy(n => n, StringComparer.Ordinal)), _values.Torch,
            new(ShortNames.Of(body, _method.ContainingType)))
        {
            StatesDomain = ClassParser.Declared(_method.ContainingType, "Domain").Any(),
        };
    }

    /// <summary>Reads the body and gives the part that is returned.</summary>
    private int? Statements(IEnumerable<IOperation> statements)
    {
        foreach (var statement in statements.TakeWhile(_ => !_failed))
        {
            if (statement is IReturnOperation { ReturnedValue: { } returned })
            {
                _parts.BeginStatement();
                var output = _parts.ParseWanted(returned, statement.Syntax.Span);
                CheckLost(output, returned.Syntax);

                // What stands behind a return is never reached.
                return output;
            }

            Read(statement);
        }

        return null;
    }

    private void Read(IOperation statement)
    {
        if (_failed)
        {
            return;
        }

        _parts.BeginStatement();
        switch (statement)
        {
            case IBlockOperation block:
                block.Operations.ToList().ForEach(Read);
                break;
            case IEmptyOperation:
                break;
            case IConditionalOperation branch:
                _control.Branch(branch);
                break;
            case IForEachLoopOperation loop:
                _control.ForEach(loop);
                break;
            case IForLoopOperation loop:
                _control.For(loop);
                break;
            case IVariableDeclarationGroupOperation group:
                foreach (var declarator in group.Declarations.SelectMany(d => d.Declarators))
                {
                    if ((declarator.Initializer ?? ((IVariableDeclarationOperation?)declarator.Parent)?.Initializer)
                        is { } initializer)
                    {
                        Assign(declarator.Symbol, initializer.Value, statement.Syntax.Span);
                    }
                }

                break;
            case IExpressionStatementOperation
            {
                Operation: ISimpleAssignmentOperation
                {
                    Target: ILocalReferenceOperation or IParameterReferenceOperation,
                } assignment,
            }:
                Assign(Operations.Variable(assignment.Target)!, assignment.Value, statement.Syntax.Span);
                break;
            case IExpressionStatementOperation { Operation: IDeconstructionAssignmentOperation deconstruction }:
                Deconstruct(deconstruction, statement.Syntax.Span);
                break;
            default:
                _report(Diagnostic.Create(
                    Rules.NotInLanguage, statement.Syntax.GetLocation(), $"This statement ({Describe(statement)})",
                    Advice.ForStatement(statement)));
                break;
        }
    }

    private void Assign(ISymbol target, IOperation value, TextSpan statement)
    {
        var before = _scope.Find(target)?.Part;
        if (Operations.Unwrap(value) is IInvocationOperation join
            && Reindexing.Of(join.TargetMethod) is { Inputs: > 1 })
        {
            Bind(target, _parts.ParseWanted(value, statement));
            CheckOverwritten(target, before, value.Syntax);
            return;
        }

        var chosen = _parts.Choice.Choose(value, target, statement, mustMap: before is not null, out var failed);
        if (failed)
        {
            return;
        }

        if (chosen is not null)
        {
            Bind(target, _parts.Parse(value, chosen, statement));
        }
        else if (_parts.Value(value) is { } known)
        {
            if (Operations.WrapsEarly(Type(target)))
            {
                _report(Diagnostic.Create(Rules.NotInLanguage, value.Syntax.GetLocation(),
                    $"A variable of type '{Type(target)}'", "use int, long or double"));
                return;
            }

            var from = Operations.Unwrap(value);
            var index = Converted(known, from.Type, Type(target), Operations.IsTargetTyped(from));
            _values.Name(index, target.Name);
            _scope.BindValue(target, index);
        }

        CheckOverwritten(target, before, value.Syntax);
    }

    private void Bind(ISymbol target, int? part)
    {
        if (part is { } p)
        {
            _scope.Rename(p, target.Name);
            _scope.BindPart(target, p);
        }
    }

    private void CheckOverwritten(ISymbol target, int? before, SyntaxNode value)
    {
        if (!_failed && before is { } old && _scope.IsLive(old) && !_scope.IsBound(old))
        {
            _report(Diagnostic.Create(Rules.LostPart, value.GetLocation(),
                $"The part in '{target.Name}' is overwritten by something that is not computed from it"));
        }
    }

    /// <summary>
    /// A value as the variable holds it: what is 3 in an <c>int</c> is 3.0 in a <c>double</c>, and divides differently;
    /// <c>new()</c> is nothing without the type.
    /// </summary>
    private int Converted(int index, ITypeSymbol? from, ITypeSymbol? to, bool always = false)
    {
        if (to is null || (!always && (from is null || SymbolEqualityComparer.Default.Equals(from, to)))
            || (_values[index] is Leaf { Constant: not null } && Operations.KindOf(to) == ValueKind.Number)
            || (_values[index] is PartRead && Operations.IsTensor(to)))
        {
            return index;
        }

        var (sign, interval) = Operations.KindOf(from) == ValueKind.Number
            ? (_values[index].Sign, _values[index].Interval with { IsOpen = false }) : (Sign.Unknown, Interval.All);
        var type = to.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        return _values.Add(new Call(new([$"(({type})", ")"]), new([index]), Operations.KindOf(to),
            sign) { Interval = interval });
    }

    private static ITypeSymbol? Type(ISymbol? variable) =>
        (variable as ILocalSymbol)?.Type ?? (variable as IParameterSymbol)?.Type;

    private void Deconstruct(IDeconstructionAssignmentOperation deconstruction, TextSpan statement)
    {
        var targets = Elements(deconstruction.Target).ToList();
        var value = Operations.Unwrap(deconstruction.Value);
        var isMove = value is IInvocationOperation move && Reindexing.Of(move.TargetMethod) is { Outputs: > 1 };
        var types = value.Type is INamedTypeSymbol { IsTupleType: true } type ? type.TupleElements : default;
        if (types.IsDefault || types.Length != targets.Count
            || targets.Any(t => t.Variable is null && (isMove || value is ITupleOperation || !t.IsDiscard)))
        {
            _report(Diagnostic.Create(Rules.NotInLanguage, deconstruction.Target.Syntax.GetLocation(), "This left side",
                "take a tuple apart into local variables"));
            return;
        }

        if (value is IInvocationOperation call && Reindexing.Of(call.TargetMethod) is { Outputs: > 1 } row)
        {
            if (_parts.Moves.All(call, row, statement) is { } outputs)
            {
                for (var i = 0; i < outputs.Count; i++)
                {
                    Bind(targets[i].Variable!, outputs[i]);
                }
            }

            return;
        }

        if (value is ITupleOperation tupled)
        {
            Exchange(tupled, targets, statement);
            return;
        }

        if (_parts.Value(value) is { } tuple)
        {
            for (var i = 0; i < targets.Count; i++)
            {
                if (targets[i].Variable is { } target)
                {
                    var item = _values.Add(Matrices.ItemOf(_values, tuple, i, targets.Count,
                        Operations.KindOf(types[i].Type)));
                    _values.Name(item, target.Name);
                    _scope.BindValue(target, Converted(item, types[i].Type, Type(target)));
                }
            }
        }
    }

    /// <summary>
    /// <c>(a, b) = (b, a)</c>: all of the right side is computed before anything is assigned. An element that reads a
    /// part comes before the one that maps it; where each reads what the other maps, they are a mixture, or not to be
    /// undone.
    /// </summary>
    private void Exchange(ITupleOperation right, List<(ISymbol? Variable, bool IsDiscard)> targets, TextSpan statement)
    {
        var variables = targets.Select(t => t.Variable!).ToList();
        var before = variables.Select(t => _scope.Find(t)?.Part).ToList();
        var order = new TupleOrder(right, variables, _parts.Choice, _values, _scope);
        var mixtures = new Mixtures(_parts, _values, _scope, _report);
        var found = order.Find();
        if (found is null && mixtures.Of(order.Candidates) is var (first, second))
        {
            if (mixtures.Parse(right, first, second) is var (one, other))
            {
                Bind(variables[0], one);
                Bind(variables[1], other);
            }
        }
        else if (Elements(right, variables, found, statement) is { } read)
        {
            for (var i = 0; i < read.Count; i++)
            {
                if (read[i].Part is { } part)
                {
                    Bind(variables[i], part);
                }
                else
                {
                    _values.Name(read[i].Value!.Value, variables[i].Name);
                    _scope.BindValue(variables[i], read[i].Value!.Value);
                }
            }
        }

        for (var i = 0; i < variables.Count; i++)
        {
            CheckOverwritten(variables[i], before[i], right.Elements[i].Syntax);
        }
    }

    /// <summary>
    /// What each element of the right side is, a part or a known value; null after an error has been reported.
    /// </summary>
    private IReadOnlyList<Binding>? Elements(
        ITupleOperation right, IReadOnlyList<ISymbol> targets,
            (IReadOnlyList<ISymbol?> Mapped, IReadOnlyList<int> Order)? found, TextSpan statement)
    {
        var chosen = new List<ISymbol?>(found?.Mapped ?? []);
        for (var i = chosen.Count; i < targets.Count; i++)
        {
            // No order is right: each is read as it stands, and says what is wrong.
            chosen.Add(_parts.Choice.Choose(right.Elements[i], targets[i], statement,
                mustMap: _scope.Find(targets[i])?.Part is not null, out var failed));
            if (failed)
            {
                return null;
            }
        }

        var read = new Binding[targets.Count];
        foreach (var i in found?.Order ?? [.. Enumerable.Range(0, targets.Count)])
        {
            var element = right.Elements[i];
            var part = chosen[i] is { } symbol ? _parts.Parse(element, symbol, statement) : null;
            var value = chosen[i] is null ? _parts.Value(element) : null;
            if (part is null && value is null)
            {
                return null;
            }

            if (part is not null && read.Any(r => r.Part == part))
            {
                _report(Diagnostic.Create(Rules.LostPart, element.Syntax.GetLocation(),
                    $"'{element.Syntax}' is assigned twice"));
                return null;
            }

            read[i] = new(part, value is { } v ? Converted(v, Operations.Unwrap(element).Type, Type(targets[i]))
                : null);
        }

        return read;
    }

    private void CheckLost(int? output, SyntaxNode at)
    {
        if (output is not { } y || _failed)
        {
            return;
        }

        var lost = _scope.Now.Live.Where(p => p != y).OrderBy(p => p).Select(p => $"'{_scope.PartNames[p]}'").ToList();
        if (lost.Count > 0)
        {
            _report(Diagnostic.Create(
                Rules.LostPart, at.GetLocation(), $"The part in {string.Join(" and in ", lost)} is not returned"));
        }
    }

    private static IEnumerable<(ISymbol? Variable, bool IsDiscard)> Elements(IOperation target) => target switch
    {
        IDeclarationExpressionOperation declaration => Elements(declaration.Expression),
        ITupleOperation tuple => tuple.Elements.SelectMany(e => e is ITupleOperation ? [(null, false)] : Elements(e)),
        _ => [(Operations.Variable(target), target is IDiscardOperation)],
    };

    /// <summary>
    /// "torch" where that means TorchSharp's, and its whole name in a class that has a member or sees another type of
    /// that name, or none.
    /// </summary>
    private static string Torch(IOperation body)
    {
        var found = body.SemanticModel!.LookupSymbols(body.Syntax.SpanStart, name: "torch");
        var symbol = found is [var only] ? only is IAliasSymbol alias ? alias.Target : only : null;
        return symbol.IsNamed("TorchSharp.torch") ? "torch" : WholeTorch;
    }

    /// <summary>
    /// Names that stand in the body and are not its own variables: emitted variables must not hide them.
    /// </summary>
    private static IEnumerable<string> Reserved(IMethodBodyOperation body, INamedTypeSymbol type)
    {
        var loops = LoopVariables(body);
        var own = new HashSet<string>(
            body.Syntax.DescendantNodes().Select(n => n switch
            {
                VariableDeclaratorSyntax v => v.Identifier.ValueText,
                SingleVariableDesignationSyntax s => s.Identifier.ValueText,
                ParameterSyntax p => p.Identifier.ValueText,
                _ => "",
            }).Except(loops),
            StringComparer.Ordinal);
        // A local of one block may have the name of a field that another block means.
        var members = body.Descendants().Select(o => o switch
        {
            IMemberReferenceOperation reference => reference.Member.Name,
            IInvocationOperation call => call.TargetMethod.Name,
            _ => "",
        });
        return body.Syntax.DescendantNodes().OfType<SimpleNameSyntax>().Select(i => i.Identifier.ValueText)
            .Where(n => !own.Contains(n))
            .Concat(loops).Concat(members.Where(m => m.Length > 0))
            .Concat(type.GetMembers().Where(m => m.CanBeReferencedByName).Select(m => m.Name));
    }

    /// <summary>The names of the variables of loops, which the emitted loops keep.</summary>
    private static List<string> LoopVariables(IOperation body) => [.. body.Syntax.DescendantNodes().Select(n => n switch
    {
        ForEachStatementSyntax each => each.Identifier.ValueText,
        VariableDeclaratorSyntax { Parent.Parent: ForStatementSyntax } counter => counter.Identifier.ValueText,
        _ => "",
    }).Where(n => n.Length > 0)];

    private static string Describe(IOperation statement) => statement switch
    {
        ILoopOperation => "a loop of this form",
        IReturnOperation => "a return inside a block",
        IBranchOperation => "break, continue or goto",
        IUsingOperation or IUsingDeclarationOperation => "using",
        ILocalFunctionOperation => "a local function",
        ITryOperation => "try",
        ISwitchOperation => "switch",
        IExpressionStatementOperation { Operation: ICompoundAssignmentOperation } =>
            "a compound assignment; write b = b * ...",
        IExpressionStatementOperation => "a call whose result is not used",
        _ => "not an assignment",
    };
}
