using System.Globalization;
using System.Runtime.CompilerServices;
using Bijectors.Generators.Analyse;
using Bijectors.Generators.Diagnostics;
using Bijectors.Generators.Emit;
using Bijectors.Generators.Language;
using Bijectors.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.Generators.Parse;

/// <summary>Reads expressions that consume a part, one step for each primitive, re-indexing or bijector on the way.</summary>
/// <param name="values">The known values.</param>
/// <param name="scope">What variables stand for.</param>
/// <param name="references">Where variables are read.</param>
/// <param name="numerical">Whether inverses may be found by iteration.</param>
/// <param name="report">Takes the diagnostics.</param>
internal sealed class PartParser(ValueTable values, Scope scope, References references, bool numerical, Action<Diagnostic> report)
{
    // That of the largest number of float32, about.
    private const double LargestScale = 87.5;

    private readonly ValueParser _values = new(values, scope, report);

    /// <summary>The parts consumed while one statement is read: what it still reads of them would be self-conditioning.</summary>
    private readonly HashSet<int> _consumedHere = [];

    // The mask of the form that is being read, and the part that it masks.
    private (int Kept, int Part)? _mask;

    // Whether parts have had the dimensions of the event so far, for certain.
    private bool _keepsRank = true;

    // The logarithm of what each part has been multiplied by in literals.
    private readonly Dictionary<int, double> _scales = [];

    public PartChoice Choice { get; } = new(scope, references, report);

    /// <summary>Whether an error has been reported.</summary>
    public required Func<bool> HasFailed { get; init; }

    public bool Failed => HasFailed();

    /// <summary>The steps of the block that is being read.</summary>
    public List<Step> Steps { get; private set; } = [];

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
            return Move(call, row, statement) is [var single] ? single : WrongCount(call);
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
            case var _ when Operations.Variable(op) is { } variable && SymbolEqualityComparer.Default.Equals(variable, chosen):
                return scope.Find(op)?.Part is { } part && scope.IsLive(part) ? part : Stale(op);
            case IBinaryOperation binary when Operations.IsArithmetic(binary):
                return Arithmetic(binary, chosen, statement);
            case IUnaryOperation unary when Operations.IsArithmetic(unary):
                return Map("neg", unary, unary.Operand, null, chosen, statement);
            case IInvocationOperation call when Reindexing.Of(call.TargetMethod) is { } row:
                return Move(call, row, statement, chosen) is [var single] ? single : WrongCount(call);
            case IInvocationOperation call when Reindexing.IsBijectorCall(call):
                return Apply(call, chosen, statement);
            case IInvocationOperation call when Cut.Of(call) is { } cut:
                return new PiecewiseParser(values, scope, this, report).Parse(call, cut, chosen, statement);
            case IInvocationOperation call when Functions.IsRow(call.TargetMethod):
                return Custom(call, chosen, statement);
            case IInvocationOperation call when KnownFunctions.NameOf(call.TargetMethod) is { } name:
                return JointForms.Reads(name) ? new JointForms(this, values, report).Parse(call, name, chosen, statement) : Function(call, name, chosen, statement);
            default:
                return NotInLanguage(op);
        }
    }

    /// <summary>Reads a re-indexing and gives the parts that come out.</summary>
    public IReadOnlyList<int>? Move(IInvocationOperation call, Reindexing row, TextSpan statement, ISymbol? chosen = null)
    {
        if (Copies.Refused(call) is { } what)
        {
            report(Diagnostic.Create(Rules.NotInLanguage, call.Syntax.GetLocation(), what, "move elements by methods that the whole project sees"));
            return null;
        }

        if (call.SemanticModel!.LookupSymbols(call.Syntax.SpanStart, call.TargetMethod.ContainingType, row.Inverse).IsEmpty)
        {
            report(Diagnostic.Create(Rules.BadAttribute, call.Syntax.GetLocation(), row.Inverse, $"[Reindexing] on '{call.TargetMethod.Name}' names it, and it cannot be called from here"));
            return null;
        }

        var arguments = call.Arguments.OrderBy(a => a.Parameter!.Ordinal).ToList();
        var inputs = new List<int>();
        foreach (var argument in arguments.Take(row.Inputs))
        {
            var moved = chosen is not null && Choice.Maps(argument.Value, chosen) ? Parse(argument.Value, chosen, statement) : ParseWanted(argument.Value, statement);
            if (moved is not { } part)
            {
                return null;
            }

            if (inputs.Contains(part))
            {
                report(Diagnostic.Create(Rules.LostPart, argument.Syntax.GetLocation(), $"'{argument.Syntax}' is joined twice"));
                return null;
            }

            inputs.Add(part);
        }

        var others = new List<int>();
        foreach (var argument in arguments.Skip(row.Inputs))
        {
            if (Known(argument) is not { } index || !MustNotRead(index, argument.Syntax, call.TargetMethod.Name))
            {
                return null;
            }

            others.Add(index);
        }

        var receiver = call.Instance is { IsImplicit: true } ? values.Add(new Leaf("this", ValueKind.Other, Sign.Unknown))
            : call.Instance is { } instance ? _values.Parse(instance)
            : values.Add(new Leaf(Operations.FullName(call.TargetMethod.ContainingType), ValueKind.Other, Sign.Unknown));
        if (receiver is not { } host || !MustNotRead(host, (call.Instance ?? call).Syntax, call.TargetMethod.Name))
        {
            return null;
        }

        if (inputs.Any(i => !scope.IsLive(i)))
        {
            Stale(call);
            return null;
        }

        inputs.ForEach(Consume);
        var outputs = Enumerable.Range(0, row.Outputs).Select(_ => scope.NewPart("part")).ToList();
        _keepsRank &= !row.ChangesRank;
        Steps.Add(new MoveStep(
            host, Text.Identifier(call.TargetMethod.Name), Text.Identifier(row.Inverse), new(inputs), new(outputs), new(others),
            new(row.InverseArguments.Select(i => others[i - row.Inputs])), row.ChangesRank));
        return outputs;
    }

    /// <summary>Maps the entries of a part together; the operands must not depend on it.</summary>
    public int? Join(JointMap map, IReadOnlyList<int> operands, int input, IOperation at, ISymbol chosen)
    {
        if (Conditions().Check(operands, input, at, chosen) is not { IsNone: true })
        {
            if (!Failed)
            {
                report(Diagnostic.Create(Rules.SelfConditioning, at.Syntax.GetLocation(), chosen.Name, Advice.ForSelf(at)));
            }

            return null;
        }

        Consume(input);
        var output = scope.NewPart(scope.PartNames[input]);
        Steps.Add(new JointStep(map, input, output, new(operands)));
        return output;
    }

    /// <summary>Mixes two parts.</summary>
    public (int First, int Second) Mix(int first, int second, IReadOnlyList<int> coefficients, int determinant, int? logAbs)
    {
        Consume(first);
        Consume(second);
        var outputs = (First: scope.NewPart(scope.PartNames[first]), Second: scope.NewPart(scope.PartNames[second]));
        Steps.Add(new MixStep(new([first, second]), new([outputs.First, outputs.Second]), new(coefficients), determinant, logAbs));
        return outputs;
    }

    /// <summary>Whether an axis is one of an event, as far as that is known; reports where it is not.</summary>
    public bool HasAxis(int axis, ISymbol chosen, IOperation at)
    {
        var rank = _keepsRank ? EventRanks.Of(chosen.ContainingType, at.SemanticModel!.Compilation) : null;
        if (EventRanks.WhyNoAxis(axis, rank) is not { } why)
        {
            return true;
        }

        report(Diagnostic.Create(
            Rules.NotInvertible, at.Syntax.GetLocation(), FormattableString.Invariant($"'{at.Syntax}' works along dimension {axis}, which {why}")));
        return false;
    }

    private int? Arithmetic(IBinaryOperation binary, ISymbol chosen, TextSpan statement)
    {
        var sign = binary.OperatorKind switch
        {
            BinaryOperatorKind.Add => "+",
            BinaryOperatorKind.Subtract => "-",
            BinaryOperatorKind.Multiply => "*",
            _ => "/",
        };
        var forms = new MaskedForms(values, scope, Choice, _values, report);
        if (sign == "+" && _mask is null && forms.Of(binary, chosen, out var failed) is var form && (form is not null || failed))
        {
            return form is null ? null : Masked(form, chosen, statement);
        }

        if (new ResidualForms(this, values, scope, report).Parse(binary, chosen) is { } residual)
        {
            return residual;
        }

        if (Failed)
        {
            return null;
        }

        var left = Choice.Maps(binary.LeftOperand, chosen);
        if (left && Choice.Maps(binary.RightOperand, chosen))
        {
            report(Diagnostic.Create(Rules.SelfConditioning, binary.RightOperand.Syntax.GetLocation(), chosen.Name, Advice.ForSelf(binary.RightOperand)));
            return null;
        }

        if (!left && sign == "/")
        {
            report(Diagnostic.Create(Rules.NotInLanguage, binary.Syntax.GetLocation(), "Division by a part", "write torch.reciprocal(x) * k, for x > 0"));
            return null;
        }

        return left
            ? Map("x" + sign, binary, binary.LeftOperand, binary.RightOperand, chosen, statement)
            : Map(sign + "x", binary, binary.RightOperand, binary.LeftOperand, chosen, statement);
    }

    private int? Function(IInvocationOperation call, string name, ISymbol chosen, TextSpan statement)
    {
        var arguments = Operations.Explicit(call);
        if (PartChoice.IsExponential(name, arguments))
        {
            return Map("pow(k, x)", call, arguments[1], Operations.Unwrap(arguments[0]), chosen, statement);
        }

        if (!Primitives.All.TryGetValue(name, out var row))
        {
            return NotInLanguage(call);
        }

        // The operand is the parameter behind the part, written or by default (leaky_relu's slope).
        var second = call.Arguments.FirstOrDefault(a => a.Parameter?.Ordinal == (call.Instance is null ? 1 : 0));
        var operand = row.HasOperand ? second?.Value : null;

        var isFixed = row.Fixed is { } only && arguments.Count == 2
            && arguments[1].ConstantValue.Value is { } constant && Operations.AsDouble(constant) == only;
        if (arguments.Count > (row.HasOperand || isFixed ? 2 : 1) || (row.HasOperand && operand is null) || !Choice.Maps(arguments[0], chosen))
        {
            report(Diagnostic.Create(Rules.NotInLanguage, call.Syntax.GetLocation(), $"'{name}' with these arguments", "call it with the part first and no further options"));
            return null;
        }

        return Map(name, call, arguments[0], operand, chosen, statement);
    }

    private int? Map(string primitive, IOperation whole, IOperation inner, IOperation? operand, ISymbol chosen, TextSpan statement)
    {
        var operands = new List<int>();
        var row = Primitives.All[primitive];
        if (operand is not null)
        {
            // The operand is read before the part is consumed: C# evaluates it on the part as it was.
            var known = operand.Parent is IArgumentOperation { ArgumentKind: ArgumentKind.DefaultValue } byDefault
                && Operations.AsDouble(byDefault.Parameter!.ExplicitDefaultValue ?? "") is { } constant
                ? values.Add(new Leaf(Operations.Literal(constant)!, ValueKind.Number, Signs.OfConstant(constant), constant))
                : _values.Parse(operand);
            if (known is not { } value || !Fits(row, value, operand))
            {
                return null;
            }

            operands.Add(value);
            if (row.LogSlope?.Contains("{l}") == true)
            {
                operands.Add(LogAbs.Of(values, value));
            }
        }

        if (Parse(inner, chosen, statement) is not { } input)
        {
            return null;
        }

        if (Conditions().Check(operands.Take(1), input, operand, chosen) is not { } self)
        {
            return null;
        }

        if (self.Term is { } term && primitive is not ("x+" or "+x"))
        {
            report(Diagnostic.Create(Rules.SelfConditioning, operand!.Syntax.GetLocation(), chosen.Name, Advice.ForSelf(operand)));
            return null;
        }

        if (!KeepsApart(primitive, operands, input, operand))
        {
            return null;
        }

        Consume(input);
        var output = scope.NewPart(scope.PartNames[input]);
        if (Scaled(primitive, operands, input) is { } scale)
        {
            _scales[output] = scale;
        }

        Steps.Add(self.Term is { } g
            ? new ContractiveStep(input, output, g, self.Constant, self.Estimator)
            : new MapStep(primitive, input, output, new(operands), self.Head, self.Axes));
        return output;
    }

    /// <summary>
    /// Whether literal factors, those of the lines before included, leave the part a size that float32 has: beyond, all numbers become 0 or infinity, and nothing leads back.
    /// </summary>
    private bool KeepsApart(string primitive, IReadOnlyList<int> operands, int input, IOperation? operand)
    {
        if (Scaled(primitive, operands, input) is not { } scale || Math.Abs(scale) < LargestScale)
        {
            return true;
        }

        report(Diagnostic.Create(
            Rules.NotInvertible, operand!.Syntax.GetLocation(),
            $"With '{operand.Syntax}' the literal factors of '{scope.PartNames[input]}' come to {(scale < 0 ? "less than 1e-38, the smallest" : "more than 3e38, the largest")} "
            + "number of float32, and different inputs get the same output"));
        return false;
    }

    /// <summary>The logarithm of what a part has been multiplied by in literals; null where it has been anything else.</summary>
    private double? Scaled(string primitive, IReadOnlyList<int> operands, int input)
    {
        var before = _scales.TryGetValue(input, out var known) ? known : 0;
        return (primitive, operands.Count > 0 && values[operands[0]] is Leaf { Constant: { } c } ? Math.Log(Math.Abs(c)) : (double?)null) switch
        {
            ("x*" or "*x", { } factor) => before + factor,
            ("x/", { } divisor) => before - divisor,
            ("x+" or "+x" or "x-" or "-x" or "neg", _) => before,
            _ => null,
        };
    }

    /// <summary>A map whose row is an attribute on its method.</summary>
    private int? Custom(IInvocationOperation call, ISymbol chosen, TextSpan statement)
    {
        var arguments = call.Arguments.OrderBy(a => a.Parameter!.Ordinal).ToList();
        if (call.Instance?.DescendantsAndSelf().FirstOrDefault(o => scope.Find(o)?.Value is { } held && values[held] is not Leaf { Loop: not null }) is { } local)
        {
            report(Diagnostic.Create(Rules.NotInLanguage, local.Syntax.GetLocation(), $"'{local.Syntax}' as what a function is called on", "use the field itself"));
            return null;
        }

        string? receiver = call.TargetMethod.IsStatic ? Operations.FullName(call.TargetMethod.ContainingType) + "."
            : call.Instance is { IsImplicit: true } ? "this."
            : _values.Parse(call.Instance!) is { } host && MustNotRead(host, call.Instance!.Syntax, call.TargetMethod.Name) ? Expressions.Bracket(Text.Of(call.Instance!.Syntax)) + "."
            : null;
        if (receiver is null || Functions.Of(call, receiver, numerical, report) is not { } function)
        {
            return null;
        }

        var operands = new List<int>();
        foreach (var argument in arguments.Skip(1))
        {
            if (Known(argument) is not { } value)
            {
                return null;
            }

            operands.Add(Cast(value, argument));
        }

        if (Parse(arguments[0].Value, chosen, statement) is not { } input)
        {
            return null;
        }

        if (EntryArguments.Check(Conditions(), [.. arguments.Skip(1).Zip(operands, (a, o) => (a, o))], input, chosen, report) is not var (self, trailing))
        {
            return null;
        }

        Consume(input);
        var output = scope.NewPart(scope.PartNames[input]);
        Steps.Add(new FunctionStep(function, input, output, new(operands), self.Head, self.Axes, new(trailing)));
        return output;
    }

    /// <summary>An argument of its parameter's own type: what an attribute names may have overloads that would fit it better.</summary>
    private int Cast(int value, IArgumentOperation argument)
    {
        var to = argument.Parameter!.Type;
        return argument.ArgumentKind == ArgumentKind.DefaultValue || SymbolEqualityComparer.Default.Equals(Operations.Unwrap(argument.Value).Type, to) ? value
            : argument.Value.ConstantValue.Value is { } constant && Operations.AsDouble(constant) is { } number
                ? values.Add(new Leaf(Operations.Literal(constant)!, ValueKind.Number, Signs.OfConstant(number), number))
            : values.Add(new Call(new([$"(({Operations.FullName(to)})", ")"]), new([value]), Operations.KindOf(to), Sign.Unknown));
    }

    /// <summary>An argument as a known value; one that was left out as the constant that stands for it.</summary>
    private int? Known(IArgumentOperation argument)
    {
        if (argument.ArgumentKind == ArgumentKind.Explicit)
        {
            return _values.Parse(argument.Value);
        }

        if (argument.ArgumentKind == ArgumentKind.DefaultValue && argument.Value.ConstantValue.Value is { } constant && Operations.Literal(constant) is { } text)
        {
            var type = argument.Parameter!.Type;
            return values.Add(new Leaf(type.TypeKind == TypeKind.Enum ? $"(({Operations.FullName(type)})({text}))" : text, Operations.KindOf(type), Sign.Unknown));
        }

        report(Diagnostic.Create(
            Rules.NotInLanguage, argument.Syntax.GetLocation(), $"What stands for '{argument.Parameter!.Name}'", "write the argument, one value or an array"));
        return null;
    }

    private bool Fits(Primitive row, int value, IOperation operand)
    {
        if (values[value].Kind is not (ValueKind.Tensor or ValueKind.Number))
        {
            report(Diagnostic.Create(Rules.NotInLanguage, operand.Syntax.GetLocation(), $"'{operand.Syntax}'", "an operand is a tensor or a number"));
            return false;
        }

        if (values[value] is Leaf { Constant: { } limit } && (double.IsInfinity(limit) || double.IsNaN(limit)))
        {
            report(Diagnostic.Create(Rules.NotInvertible, operand.Syntax.GetLocation(), $"'{operand.Syntax}' is no number that a part can be mapped with"));
            return false;
        }

        if (values[value] is Leaf { Constant: { } c } && ((row.NeedsNonZero && c == 0) || (row.NeedsPositive && !(c > 0)) || (row.NeedsLiteral && c == 1)))
        {
            report(Diagnostic.Create(Rules.NotInvertible, operand.Syntax.GetLocation(), $"'{row.Name}' with {operand.Syntax} does not give every output once"));
            return false;
        }

        var sign = values[value].Sign;
        if (row.NeedsNonZero && sign == Sign.Unknown)
        {
            report(Diagnostic.Create(Rules.ScaleMayBeZero, operand.Syntax.GetLocation(), operand.Syntax, "non-zero", "NonZero"));
        }
        else if (row.NeedsPositive && sign != Sign.Positive)
        {
            report(Diagnostic.Create(Rules.ScaleMayBeZero, operand.Syntax.GetLocation(), operand.Syntax, "positive", "Positive"));
        }

        return true;
    }

    private Conditions Conditions() => new(values, scope, Steps, _consumedHere, _keepsRank, _mask, report);

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
        if (_scales.TryGetValue(end, out var moved))
        {
            var kept = _scales.TryGetValue(form.Part, out var known) ? known : 0;
            _scales[output] = Math.Abs(moved) > Math.Abs(kept) ? moved : kept;
        }

        Steps.Add(new MaskedStep(form.Part, output, form.Kept, rows));
        return output;
    }

    private int? Apply(IInvocationOperation call, ISymbol chosen, TextSpan statement)
    {
        if (_values.Parse(call.Instance!) is not { } receiver || !MustNotRead(receiver, call.Instance!.Syntax, call.TargetMethod.Name))
        {
            return null;
        }

        int? context = null;
        if (call.Arguments.FirstOrDefault(a => a.Parameter?.Ordinal == 1) is { ArgumentKind: not ArgumentKind.DefaultValue } second)
        {
            if (_values.Parse(second.Value) is not { } value)
            {
                return null;
            }

            context = value;
        }

        if (Parse(call.Arguments.First(a => a.Parameter?.Ordinal == 0).Value, chosen, statement) is not { } input)
        {
            return null;
        }

        if (context is { } c && values.Reads(c).Any(r => r == input || !scope.IsLive(r)))
        {
            report(Diagnostic.Create(Rules.SelfConditioning, call.Syntax.GetLocation(), chosen.Name, Advice.ForSelf(call)));
            return null;
        }

        Consume(input);
        var output = scope.NewPart(scope.PartNames[input]);
        _keepsRank = false;
        Steps.Add(new ApplyStep(receiver, input, output, context, call.TargetMethod.Name == "Inverse"));
        return output;
    }

    public void Consume(int part)
    {
        scope.Consume(part);
        _consumedHere.Add(part);
    }

    /// <summary>Shapes are known before anything runs, so what decides on them depends on neither the input nor the context.</summary>
    private bool MustNotRead(int value, SyntaxNode at, string method)
    {
        if (!values.Reads(value).Any() && !values.UsesContext(value))
        {
            return true;
        }

        report(Diagnostic.Create(Rules.MovesByInput, at.GetLocation(), method));
        return false;
    }

    private int? Stale(IOperation op)
    {
        report(Diagnostic.Create(Rules.StaleRead, op.Syntax.GetLocation(), $"'{op.Syntax}' has been mapped or taken apart before"));
        return null;
    }

    private int? WrongCount(IInvocationOperation call)
    {
        // A failed move has reported its own error; a move with two results has not.
        if (Reindexing.Of(call.TargetMethod) is { Outputs: not 1 })
        {
            report(Diagnostic.Create(Rules.NotInLanguage, call.Syntax.GetLocation(), $"'{call.TargetMethod.Name}' gives two parts, which", "take them apart with 'var (a, b) = ...'"));
        }

        return null;
    }

    private int? NotInLanguage(IOperation op)
    {
        var function = (op as IInvocationOperation)?.TargetMethod.Name ?? "";
        if (op is IInvocationOperation moving && Reindexing.IsMarked(moving.TargetMethod))
        {
            report(Diagnostic.Create(
                Rules.BadAttribute, op.Syntax.GetLocation(), function,
                "[Reindexing] names a method that undoes it, and both stand a second time on shapes, in the same class with the same further parameters; one of these is not there"));
        }
        else if (KnownFunctions.WhyNot(function.TrimEnd('_')) is { } why)
        {
            report(Diagnostic.Create(Rules.NotInvertible, op.Syntax.GetLocation(), why));
        }
        else
        {
            report(Diagnostic.Create(
                Rules.NotInLanguage, op.Syntax.GetLocation(), $"'{op.Syntax}'",
                "a part may be mapped by the functions of the table, + - * / with known values, Parts and Partition, and Forward or Inverse of another bijector"));
        }

        return null;
    }
}
