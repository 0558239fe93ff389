using Bijectors.Generators.Analyse;
using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse;

/// <summary>
/// Reads branches and loops. Whatever they decide on is the same in both directions, so the inverse takes the same
/// branches and runs the same passes backwards.
/// </summary>
internal sealed class ControlParser(
    ValueTable values, Scope scope, PartParser parts, Action<IOperation> read, Action<Diagnostic> report)
{
    private static readonly EquatableArray<Step> s_nothing = new(Enumerable.Empty<Step>());

    private int _loops;

    public void Branch(IConditionalOperation branch)
    {
        if (Passive(branch.Condition) is not { } condition)
        {
            return;
        }

        var before = scope.Now;
        var (then, thenBlock) = Block(branch.WhenTrue);
        var afterThen = scope.Now;
        scope.Now = before;
        var (otherwise, elseBlock) = branch.WhenFalse is { } whenFalse ? Block(whenFalse) : (s_nothing, 0);
        var afterElse = scope.Now;
        if (parts.Failed)
        {
            return;
        }

        var changed = Variables.Changed(before, afterThen, branch).Concat(Variables.Changed(before, afterElse, branch))
            .Distinct(SymbolEqualityComparer.Default).OfType<ISymbol>().OrderBy(Variables.Position).ToList();

        // A part goes in where one branch maps it or hands it to another variable.
        var handed = changed.SelectMany(v => new[]
        {
            afterThen, afterElse,
        }.Select(m => m.Bindings.TryGetValue(v, out var b) ? b.Part : null)).OfType<int>().ToList();
        var inputs =
            before.Live.Where(p => !afterThen.Live.Contains(p) || !afterElse.Live.Contains(p) || handed.Contains(p))
                .OrderBy(p => p).ToList();
        var kept = before.Live.Except(inputs);
        if (changed.Count == 0 && inputs.Count == 0)
        {
            return;
        }

        if (Tails(changed, afterThen, kept, branch.WhenTrue) is not { } thenTails
            || Tails(changed, afterElse, kept, branch.WhenFalse ?? branch) is not { } elseTails)
        {
            return;
        }

        var step = new BranchStep(
            condition, new(inputs), Give(before, kept, changed), new(then, new(thenTails), thenBlock),
            new(otherwise, new(elseTails), elseBlock));
        if (values.UsesContext(condition) && Places.Origins([step]) is null)
        {
            report(Diagnostic.Create(Rules.MovesByInput, branch.Condition.Syntax.GetLocation(), "if"));
            return;
        }

        parts.Steps.Add(step);
    }

    public void ForEach(IForEachLoopOperation loop)
    {
        if (loop is not { IsAsynchronous: false,
            LoopControlVariable: IVariableDeclaratorOperation { Symbol: var variable } })
        {
            Refuse(loop, "'await foreach' and taking elements apart in 'foreach'",
                "run over the elements of a collection with one variable");
            return;
        }

        if (!IsCollection(loop))
        {
            Refuse(loop.Collection, $"A loop over '{loop.Collection.Syntax}'",
                "run over an array of one dimension or an IEnumerable<T>, which can be run through backwards");
        }
        else if (Passive(loop.Collection, isLoop: true) is { } index)
        {
            var isVar = loop.Syntax is Microsoft.CodeAnalysis.CSharp.Syntax.ForEachStatementSyntax { Type.IsVar: true };
            Loop(loop, loop.Body, variable, new(CSharp.Identifier(variable.Name), isVar ? "var"
                : Operations.FullName(variable.Type), index, null, null, ""));
        }
    }

    public void For(IForLoopOperation loop)
    {
        if (Header(loop) is { } header)
        {
            Loop(loop, loop.Body, loop.Locals[0], header);
        }
    }

    private Header? Header(IForLoopOperation loop)
    {
        if (loop is
            {
                Locals: [{ Type.SpecialType: SpecialType.System_Int32 or SpecialType.System_Int64 } variable],
                Before:
                [
                    IVariableDeclarationGroupOperation
                    {
                        Declarations: [{ Declarators: [{ Initializer.Value: { } from }] }],
                    },
                ],
                Condition: IBinaryOperation { LeftOperand: ILocalReferenceOperation tested,
                    RightOperand: { Type: { } end } to } condition,
                AtLoopBottom:
                [
                    IExpressionStatementOperation
                    {
                        Operation: IIncrementOrDecrementOperation { Target: ILocalReferenceOperation moved } change,
                    },
                ],
            }
            && SymbolEqualityComparer.Default.Equals(end, variable.Type)
            && SymbolEqualityComparer.Default.Equals(tested.Local, variable)
            && SymbolEqualityComparer.Default.Equals(moved.Local, variable)
            && Comparison(condition.OperatorKind, change.Kind == OperationKind.Increment) is { } comparison)
        {
            return Passive(from, isLoop: true) is { } first && Passive(to, isLoop: true) is { } last
                ? new(CSharp.Identifier(variable.Name), variable.Type.SpecialType == SpecialType.System_Int32 ? "int"
                    : "long", null, first, last, comparison)
                : null;
        }

        if (loop.Condition?.DescendantsAndSelf().FirstOrDefault(o => scope.Find(o)?.Part is not null) is { } read)
        {
            report(Diagnostic.Create(Rules.BranchesByInput, read.Syntax.GetLocation(), read.Syntax));
            return null;
        }

        Refuse(loop, "This loop", "write 'for (var i = 0; i < n; i++)', with <, <= and ++ or >, >= and --, or foreach");
        return null;
    }

    private static string? Comparison(BinaryOperatorKind kind, bool up) => (kind, up) switch
    {
        (BinaryOperatorKind.LessThan, true) => "<",
        (BinaryOperatorKind.LessThanOrEqual, true) => "<=",
        (BinaryOperatorKind.GreaterThan, false) => ">",
        (BinaryOperatorKind.GreaterThanOrEqual, false) => ">=",
        _ => null,
    };

    private void Loop(IOperation loop, IOperation body, ILocalSymbol variable, Header header)
    {
        var before = scope.Now;
        var assigned = Variables.Assigned(body).ToList();
        if (assigned.Contains(variable, SymbolEqualityComparer.Default))
        {
            Refuse(loop, $"Assigning the loop variable '{variable.Name}'", "use a variable of the body");
            return;
        }

        scope.BindValue(variable, values.Add(new Leaf(
            header.Variable, Operations.KindOf(variable.Type), SignOf(header), Loop: ++_loops)));

        // What a pass assigns is another part in every pass.
        var state = assigned.Where(s => scope.Find(s)?.Part is { } p && scope.IsLive(p)).ToList();
        var inputs = new List<int>();
        var heads = new List<int>();
        foreach (var symbol in state.ToList())
        {
            var part = scope.Find(symbol)!.Value.Part!.Value;
            if (inputs.Contains(part))
            {
                state.Remove(symbol);
                continue;
            }

            inputs.Add(part);
            scope.Consume(part);
            heads.Add(scope.NewPart(symbol.Name));
            scope.BindPart(symbol, heads.Last());
        }

        var start = scope.Now;
        var (steps, block) = Block(body);
        if (parts.Failed)
        {
            return;
        }

        // What Changed gives beyond the state is either a value or a part that the next pass would not find.
        var changed = Variables.Changed(start, scope.Now, loop).Where(s => scope.Find(s)!.Value.Part is null);
        var kept = start.Live.Except(heads);
        if (Tails([.. state, .. changed], scope.Now, kept, body) is { } tails)
        {
            scope.Now = before;
            parts.Steps.Add(new RepeatStep(header, new(inputs), Give(before, before.Live.Except(inputs), state),
                new(heads), new(steps, new(tails), block)));
        }
    }

    /// <summary>A counter stays on the side of its lower end.</summary>
    private Sign SignOf(Header header) =>
        (header.Comparison.StartsWith("<", StringComparison.Ordinal) ? header.From : header.To) is { } end
            && values[end] is Leaf { Constant: { } lowest }
            && (lowest > 0 || (lowest == 0 && header.Comparison == ">")) ? Sign.Positive : Sign.Unknown;

    private (EquatableArray<Step> Steps, int Block) Block(IOperation body)
    {
        var block = values.OpenBlock();
        var steps = parts.Block(() => read(body));
        values.CloseBlock(block);
        return (steps, block);
    }

    /// <summary>
    /// The parts that stand in the variables at the end of a block, each once, with none left over and none
    /// taken from outside.
    /// </summary>
    private List<int>? Tails(
        IReadOnlyList<ISymbol> variables, Moment end, IReadOnlyCollection<int> kept, IOperation block)
    {
        var tails = new List<int>();
        foreach (var variable in variables)
        {
            if (!end.Bindings.TryGetValue(variable, out var binding) || binding.Part is not { } part)
            {
                report(Diagnostic.Create(
                    Rules.NotInLanguage, Variables.AssignmentOf(variable, block).GetLocation(),
                    $"Changing the value in '{variable.Name}' in a loop or a branch",
                    "values are declared in the block that uses them; only parts are carried from pass to pass"));
                return null;
            }

            if (!end.Live.Contains(part) || tails.Contains(part) || kept.Contains(part))
            {
                return Lost(block, $"'{variable.Name}' holds no part of its own at the end of this block");
            }

            tails.Add(part);
        }

        var left = end.Live.Except(kept).Except(tails).Select(p => $"'{scope.PartNames[p]}'").ToList();
        var lost = kept.Where(p => !end.Live.Contains(p)).Select(p => $"'{scope.PartNames[p]}'").ToList();
        return left.Count > 0 ? Lost(block,
            $"The part in {string.Join(" and in ", left)} is in no variable from outside at the end of this block")
            : lost.Count > 0 ? Lost(block,
                $"The part in {string.Join(" and in ", lost)} is mapped in this block and not assigned anew")
            : tails;
    }

    private EquatableArray<int> Give(Moment before, IEnumerable<int> kept, IReadOnlyList<ISymbol> variables)
    {
        scope.Now = before with { Live = [.. kept] };
        var outputs = new List<int>();
        foreach (var variable in variables)
        {
            outputs.Add(scope.NewPart(variable.Name));
            scope.BindPart(variable, outputs.Last());
        }

        return new(outputs);
    }

    /// <summary>
    /// A value that is the same in the inverse pass: not computed from the input, and nothing that would have to be
    /// disposed.
    /// </summary>
    private int? Passive(IOperation op, bool isLoop = false)
    {
        if (parts.Value(op) is not { } value)
        {
            return null;
        }

        if (values.Reads(value).Any())
        {
            report(Diagnostic.Create(Rules.BranchesByInput, op.Syntax.GetLocation(), op.Syntax));
            return null;
        }

        if (isLoop && values.UsesContext(value))
        {
            Refuse(op, $"A loop that '{op.Syntax}' decides on",
                "run over things that are known when the bijector is declared; the context may decide on an 'if'");
            return null;
        }

        if (values.ComputesTensors(value))
        {
            Refuse(op, $"'{op.Syntax}'",
                "branch and loop over numbers, flags and collections; compute them in the constructor");
            return null;
        }

        return value;
    }

    /// <summary>
    /// Whether the elements are those of an IEnumerable, which is what a loop runs through backwards.
    /// </summary>
    private static bool IsCollection(IForEachLoopOperation loop)
    {
        var type = Operations.Unwrap(loop.Collection).Type;
        if (type is IArrayTypeSymbol { Rank: 1 })
        {
            return true;
        }

        var interfaces = (type?.AllInterfaces ?? []).Concat(type is INamedTypeSymbol own ? [own] : [])
            .Where(i => i.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T)
            .ToList();
        return interfaces is [var only]
            && loop.Syntax is Microsoft.CodeAnalysis.CSharp.Syntax.CommonForEachStatementSyntax syntax
            && SymbolEqualityComparer.Default.Equals(only.TypeArguments[0],
                Microsoft.CodeAnalysis.CSharp.CSharpExtensions.GetForEachStatementInfo(
                    loop.SemanticModel, syntax).ElementType);
    }

    private List<int>? Lost(IOperation at, string what)
    {
        report(Diagnostic.Create(Rules.LostPart, at.Syntax.GetLocation(), what));
        return null;
    }

    private void Refuse(IOperation op, string what, string instead) =>
        report(Diagnostic.Create(Rules.NotInLanguage, op.Syntax.GetLocation(), what, instead));
}
