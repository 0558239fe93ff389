using Bijectors.Generators.Analyse;
using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.Generators.Parse.Forms;

/// <summary>
/// Reads maps by rows of the table of primitives: functions of torch, and arithmetic with known values.
/// </summary>
internal sealed class TableForms(PartParser parts, ValueTable values, Action<Diagnostic> report)
{
    /// <summary>A sum, difference, product or quotient of the part and a known value.</summary>
    public int? Arithmetic(IBinaryOperation binary, ISymbol chosen, TextSpan statement)
    {
        var sign = binary.OperatorKind switch
        {
            BinaryOperatorKind.Add => "+",
            BinaryOperatorKind.Subtract => "-",
            BinaryOperatorKind.Multiply => "*",
            _ => "/",
        };
        var left = parts.Choice.Maps(binary.LeftOperand, chosen);
        if (left && parts.Choice.Maps(binary.RightOperand, chosen) && parts.IsKept(binary.LeftOperand))
        {
            left = false;
        }
        else if (left && parts.Choice.Maps(binary.RightOperand, chosen) && !parts.IsKept(binary.RightOperand))
        {
            report(Diagnostic.Create(Rules.SelfConditioning, binary.RightOperand.Syntax.GetLocation(), chosen.Name,
                Advice.ForSelf(binary.RightOperand)));
            return null;
        }

        if (!left && sign == "/")
        {
            report(Diagnostic.Create(Rules.NotInLanguage, binary.Syntax.GetLocation(), "Division by a part",
                "write torch.reciprocal(x) * k, for x > 0"));
            return null;
        }

        return left
            ? Map("x" + sign, binary.LeftOperand, binary.RightOperand, chosen, statement)
            : Map(sign + "x", binary.RightOperand, binary.LeftOperand, chosen, statement);
    }

    /// <summary>A function of the table.</summary>
    public int? Function(IInvocationOperation call, string name, ISymbol chosen, TextSpan statement)
    {
        var arguments = Operations.Explicit(call);
        if (PartChoice.IsExponential(name, arguments))
        {
            return Map("pow(k, x)", arguments[1], Operations.Unwrap(arguments[0]), chosen, statement);
        }

        if (!Primitives.All.TryGetValue(name, out var row))
        {
            return parts.NotInLanguage(call);
        }

        // The operand is the parameter behind the part, written or by default (leaky_relu's slope).
        var second = call.Arguments.FirstOrDefault(a => a.Parameter?.Ordinal == (call.Instance is null ? 1 : 0));
        var operand = row.HasOperand ? second?.Value : null;

        var isFixed = row.Fixed is { } only && arguments.Count == 2
            && arguments[1].ConstantValue.Value is { } constant && Operations.AsDouble(constant) == only;
        if (arguments.Count > (row.HasOperand || isFixed ? 2 : 1) || (row.HasOperand && operand is null)
            || !parts.Choice.Maps(arguments[0], chosen))
        {
            report(Diagnostic.Create(Rules.NotInLanguage, call.Syntax.GetLocation(), $"'{name}' with these arguments",
                "call it with the part first and no further options"));
            return null;
        }

        return Map(name, arguments[0], operand, chosen, statement);
    }

    /// <summary>Maps a part through a row.</summary>
    /// <param name="primitive">The name of the row.</param>
    /// <param name="inner">What holds the part.</param>
    /// <param name="operand">The other operand, where the row has one.</param>
    /// <param name="chosen">The variable of the part.</param>
    /// <param name="statement">The statement around it.</param>
    public int? Map(string primitive, IOperation inner, IOperation? operand, ISymbol chosen, TextSpan statement)
    {
        var operands = new List<int>();
        var row = Primitives.All[primitive];
        if (operand is not null)
        {
            // The operand is read before the part is consumed: C# evaluates it on the part as it was.
            var known = operand.Parent is IArgumentOperation { ArgumentKind: ArgumentKind.DefaultValue } byDefault
                && Operations.AsDouble(byDefault.Parameter!.ExplicitDefaultValue ?? "") is { } constant
                ? values.Add(new Leaf(CSharp.Literal(constant)!, ValueKind.Number, Signs.OfConstant(constant),
                    constant))
                : parts.Value(operand);
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

        if (parts.Parse(inner, chosen, statement) is not { } input)
        {
            return null;
        }

        if (parts.Conditions().Check(operands.Take(1), input, operand, chosen) is not { } self)
        {
            return null;
        }

        if (self.Term is { } term && primitive is not ("x+" or "+x"))
        {
            report(Diagnostic.Create(Rules.SelfConditioning, operand!.Syntax.GetLocation(), chosen.Name,
                Advice.ForSelf(operand)));
            return null;
        }

        if (!parts.Scales.KeepsApart(primitive, operands, input, operand))
        {
            return null;
        }

        var output = parts.Next(input);
        parts.Scales.Carry(primitive, operands, input, output);
        parts.Steps.Add(self.Term is { } g
            ? new ContractiveStep(input, output, g, self.Constant, self.Estimator)
            : new MapStep(primitive, input, output, new(operands), self.Head, self.Axes));
        return output;
    }

    private bool Fits(Primitive row, int value, IOperation operand)
    {
        if (values[value].Kind is not (ValueKind.Tensor or ValueKind.Number))
        {
            report(Diagnostic.Create(Rules.NotInLanguage, operand.Syntax.GetLocation(), $"'{operand.Syntax}'",
                "an operand is a tensor or a number"));
            return false;
        }

        if (Operations.Unwrap(operand) is IBinaryOperation
            {
                OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals or BinaryOperatorKind.LessThan
                    or BinaryOperatorKind.LessThanOrEqual
                    or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual,
            })
        {
            report(Diagnostic.Create(Rules.NotInLanguage, operand.Syntax.GetLocation(),
                $"'{operand.Syntax}', which holds no numbers,", "make numbers of it: (a > 0).to(a.dtype)"));
            return false;
        }

        if (values[value] is Leaf { Constant: { } limit } && (double.IsInfinity(limit) || double.IsNaN(limit)))
        {
            report(Diagnostic.Create(Rules.NotInvertible, operand.Syntax.GetLocation(),
                $"'{operand.Syntax}' is no number that a part can be mapped with"));
            return false;
        }

        if (values[value] is Leaf { Constant: { } c }
            && ((row.NeedsNonZero && c == 0) || (row.NeedsPositive && !(c > 0)) || (row.NeedsLiteral && c == 1)))
        {
            report(Diagnostic.Create(Rules.NotInvertible, operand.Syntax.GetLocation(),
                $"'{row.Name}' with {operand.Syntax} does not give every output once"));
            return false;
        }

        var sign = values[value].Sign;
        if (row.NeedsNonZero && sign == Sign.Unknown)
        {
            report(Diagnostic.Create(Rules.ScaleMayBeZero, operand.Syntax.GetLocation(), operand.Syntax, "non-zero",
                "NonZero"));
        }
        else if (row.NeedsPositive && sign != Sign.Positive)
        {
            report(Diagnostic.Create(Rules.ScaleMayBeZero, operand.Syntax.GetLocation(), operand.Syntax, "positive",
                "Positive"));
        }

        return true;
    }
}
