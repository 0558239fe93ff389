using System.Runtime.CompilerServices;
using Bijectors.Generators.Analyse;
using Bijectors.Generators.Diagnostics;
using Bijectors.Generators.Parse.Forms;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.Generators.Parse;

/// <summary>
/// Reads expressions that consume a part, one step for each primitive, re-indexing or bijector on the way.
/// </summary>
/// <param name="values">The known values.</param>
/// <param name="scope">What variables stand for.</param>
/// <param name="references">Where variables are read.</param>
/// <param name="numerical">Whether inverses may be found by iteration.</param>
/// <param name="report">Takes the diagnostics.</param>
internal sealed class PartParser(
    ValueTable values, Scope scope, References references, bool numerical, Action<Diagnostic> report)
{
    private readonly ValueParser _values = new(values, scope, report);

    /// <summary>
    /// The parts consumed while one statement is read: what it still reads of them would be self-conditioning.
    /// </summary>
    private readonly HashSet<int> _consumedHere = [];

    // The mask of the form that is being read, and the part that it masks.
    private (int Kept, int Part)? _mask;

    public PartChoice Choice { get; } = new(scope, references, report);

    /// <summary>Whether an error has been reported.</summary>
    public required Func<bool> HasFailed { get; init; }

    public bool Failed => HasFailed();

    /// <summary>The steps of the block that is being read.</summary>
    public List<Step> Steps { get; private set; } = [];

    /// <summary>Whether parts have had the dimensions of the event so far, for certain.</summary>
    public bool KeepsRank { get; set; } = true;

    /// <summary>The parts that lie on a surface, and what put them there.</summary>
    public List<(int Part, IOperation By)> OnSurfaces { get; } = [];

    public LiteralScales Scales { get; } = new(values, scope, report);

    public KnownArguments Arguments => new(values, _values, report);

    public MoveForms Moves => new(this, values, scope, report);

    private TableForms Table => new(this, values, report);

    public int? Value(IOperation op) => _values.Parse(op);

    public void BeginStatement() => _consumedHere.Clear();

    /// <summary>Reads a block and gives its steps.</summary>
    public EquatableArray<Step> Block(Action read)
    {
        var outer = Steps;
        Steps = [];
        read();
        var inner = new EquatableArray<Step>(CausalGroups.Of(Steps));
        Steps = outer;
        return inner;
    }

    /// <summary>Reads an expression that must give a part: a join's argument, a returned value.</summary>
    public int? ParseWanted(IOperation operation, TextSpan statement)
    {
        var op = Operations.Unwrap(operation);
        if (op is IInvocationOperation call && Reindexing.Of(call.TargetMethod) is { } row)
        {
            return Moves.Single(call, row, statement);
        }

        var chosen = Choice.Choose(op, null, statement, mustMap: true, out var failed);
        if (chosen is null)
        {
            if (!failed && _values.Parse(op) is not null)
            {
                report(Diagnostic.Create(Rules.LostPart, op.Syntax.GetLocation(), Advice.WhyLost(op)));
            }

            return null;
        }

        return Parse(op, chosen, statement);
    }

    /// <summary>Reads an expression that maps the part in <paramref name="chosen"/>.</summary>
    public int? Parse(IOperation operation, ISymbol chosen, TextSpan statement)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var op = Operations.Unwrap(operation);
        switch (op)
        {
            case var _
                when Operations.Variable(op) is { } variable && SymbolEqualityComparer.Default.Equals(variable, chosen):
                return scope.Find(op)?.Part is { } part && scope.IsLive(part) ? part : Stale(op);
            case IBinaryOperation sum when Operations.IsArithmetic(sum) && _mask is null
                && Masked(sum, chosen, statement, out var masked):
                return masked;
            case IBinaryOperation sum when Operations.IsArithmetic(sum) && _mask is null
                && new ResidualForms(this, values, scope, report).Parse(sum, chosen) is { } residual:
                return residual;
            case IBinaryOperation binary when Operations.IsArithmetic(binary):
                return Failed ? null : Table.Arithmetic(binary, chosen, statement);
            case IUnaryOperation unary when Operations.IsArithmetic(unary):
                return Table.Map("neg", unary.Operand, null, chosen, statement);
            case IInvocationOperation call when Reindexing.Of(call.TargetMethod) is { } row:
                return Moves.Single(call, row, statement, chosen);
            case IInvocationOperation call when Reindexing.IsBijectorCall(call):
                return new ApplyForms(this, values, scope, report).Parse(call, chosen, statement);
            case IInvocationOperation call when Cut.Of(call) is { } cut:
                return new PieceForms(values, scope, this, report).Parse(call, cut, chosen, statement);
            case IInvocationOperation call when OwnRow.Is(call.TargetMethod):
                return new OwnRowForms(this, values, scope, numerical, report).Parse(call, chosen, statement);
            case IInvocationOperation call when KnownFunctions.NameOf(call.TargetMethod) is { } name
                && JointForms.Reads(name):
                return new JointForms(this, values, report).Parse(call, name, chosen, statement);
            case IInvocationOperation call when KnownFunctions.NameOf(call.TargetMethod) is { } name:
                return Table.Function(call, name, chosen, statement);
            default:
                return NotInLanguage(op);
        }
    }

    /// <summary>
    /// Whether an expression reads the part that a mask is about only where the mask keeps it: then it is known.
    /// </summary>
    public bool IsKept(IOperation op) => _mask is var (kept, part) && new ValueParser(values, scope, _ => { })
        .Parse(op) is { } value
        && values.Reads(value).Contains(part) && !values.Reads(value, kept, part).Contains(part);

    /// <summary>Consumes a part, and gives the one that it becomes.</summary>
    public int Next(int input)
    {
        Consume(input);
        return scope.NewPart(scope.PartNames[input]);
    }

    public void Consume(int part)
    {
        scope.Consume(part);
        _consumedHere.Add(part);
    }

    public Conditions Conditions() => new(values, scope, Steps, _consumedHere, KeepsRank, _mask, report);

    /// <summary>Reports that a part is read that is no longer there.</summary>
    public int? Stale(IOperation op)
    {
        report(Diagnostic.Create(
            Rules.StaleRead, op.Syntax.GetLocation(), $"'{op.Syntax}' has been mapped or taken apart before"));
        return null;
    }

    /// <summary>Reports an expression that maps no part by anything that the language has.</summary>
    public int? NotInLanguage(IOperation op)
    {
        var function = (op as IInvocationOperation)?.TargetMethod.Name ?? "";
        if (op is IInvocationOperation moving && Reindexing.IsMarked(moving.TargetMethod))
        {
            report(Diagnostic.Create(
                Rules.BadAttribute, op.Syntax.GetLocation(), function,
                "[Reindexing] names a method that undoes it, and both stand a second time on shapes, "
                + "in the same class with the same further parameters; one of these is not there"));
        }
        else if (KnownFunctions.WhyNot(function.TrimEnd('_')) is { } why)
        {
            report(Diagnostic.Create(Rules.NotInvertible, op.Syntax.GetLocation(), why));
        }
        else
        {
            report(Diagnostic.Create(
                Rules.NotInLanguage, op.Syntax.GetLocation(), $"'{op.Syntax}'",
                "a part may be mapped by the functions of the table, + - * / with known values, Parts and Partition, "
                + "and Forward or Inverse of another bijector"));
        }

        return null;
    }

    /// <summary>Reads <c>m * x + (1 - m) * maps(x)</c>; false where a sum is none of these.</summary>
    private bool Masked(IBinaryOperation sum, ISymbol chosen, TextSpan statement, out int? part)
    {
        part = null;
        if (sum.OperatorKind != BinaryOperatorKind.Add || new MaskedForms(values, scope, Choice, _values, report)
            .Of(sum, chosen, out var failed) is var found && found is null && !failed)
        {
            return false;
        }

        part = found is null ? null : Masked(found, chosen, statement);
        return true;
    }

    /// <summary><c>m * x + (1 - m) * maps(x)</c>.</summary>
    private int? Masked(MaskedForm form, ISymbol chosen, TextSpan statement)
    {
        var outer = _mask;
        _mask = (form.Kept, form.Part);
        int? tail = null;
        var maps = Block(() => tail = Parse(form.Moved, chosen, statement));
        _mask = outer;
        if (tail is not { } end || form.Maps(maps, report) is not { } rows)
        {
            return null;
        }

        Consume(end);
        var output = scope.NewPart(scope.PartNames[form.Part]);
        Scales.Join(form.Part, end, output);
        Steps.Add(new MaskedStep(form.Part, output, form.Kept, rows));
        return output;
    }
}
