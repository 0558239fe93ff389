using Bijectors.Generators.Analyse;
using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.Generators.Parse.Forms;

/// <summary>
/// Reads maps that take the entries of a part together: products with matrices, cumulative sums, the circle,
/// pieces of a stick.
/// </summary>
internal sealed class JointForms(PartParser parts, ValueTable values, Action<Diagnostic> report)
{
    private readonly JointSteps _steps = new(parts, report);

    /// <summary>Whether a function of torch is one of them.</summary>
    public static bool Reads(string name) => name is "matmul" or "linear" or "cumsum" or "cumprod" or "remainder"
        or "pieces";

    /// <summary>The argument of such a function that holds the part it maps.</summary>
    public static int Place(string name, IReadOnlyList<IOperation> arguments, Func<IOperation, bool> holdsPart) =>
        name == "matmul" && arguments.Count == 2 && !holdsPart(arguments[0]) ? 1 : 0;

    /// <summary>Reads a call, and gives the part that comes out.</summary>
    public int? Parse(IInvocationOperation call, string name, ISymbol chosen, TextSpan statement)
    {
        var arguments = Operations.Explicit(call);
        var place = Place(name, arguments, argument => parts.Choice.Maps(argument, chosen));
        if (!parts.Choice.Maps(arguments[place], chosen))
        {
            return Refuse(call,
                $"'{name}' with these arguments is not in the forward language here; call it with the part first");
        }

        return name switch
        {
            "matmul" => Product(call, arguments[place], arguments[1 - place], fromLeft: place == 1, chosen, statement),
            "linear" => Layer(call, arguments, chosen, statement),
            "remainder" => Circle(call, arguments, chosen, statement),
            "pieces" => Surface(JointMap.StickPieces, call, arguments[0], chosen, statement),
            _ => Cumulative(call, name, arguments, chosen, statement),
        };
    }

    private int? Product(IInvocationOperation call, IOperation inner, IOperation matrix, bool fromLeft, ISymbol chosen,
        TextSpan statement)
    {
        if (parts.Choice.Maps(matrix, chosen))
        {
            report(Diagnostic.Create(Rules.SelfConditioning, matrix.Syntax.GetLocation(), chosen.Name,
                Advice.ForSelf(matrix)));
            return null;
        }

        return parts.Value(matrix) is { } value && Factors(value, fromLeft, matrix) is { } steps
            && parts.Parse(inner, chosen, statement) is { } input && _steps.HasAxis(fromLeft ? -2 : -1, chosen, call)
            ? Join(steps, input, call, chosen) : null;
    }

    private int? Join(IReadOnlyList<(JointMap Map, IReadOnlyList<int> Operands)> steps, int input, IOperation at,
        ISymbol chosen) =>
        steps.Aggregate((int?)input, (part, step) => part is { } p
            ? _steps.Join(step.Map, step.Operands, p, at, chosen) : null);

    /// <summary><c>linear(x, W, b) = x W' + b</c>.</summary>
    private int? Layer(IInvocationOperation call, IReadOnlyList<IOperation> arguments, ISymbol chosen,
        TextSpan statement)
    {
        if (arguments.Count > 2)
        {
            return Refuse(call, "'linear' with a bias is not in the forward language here; add the bias behind it");
        }

        if (parts.Value(arguments[1]) is not { } weight)
        {
            return null;
        }

        return Factors(Arithmetic.Transpose(values, weight), fromLeft: false, arguments[1]) is { } steps
            && parts.Parse(arguments[0], chosen, statement) is { } input && _steps.HasAxis(-1, chosen, call)
            ? Join(steps, input, call, chosen) : null;
    }

    /// <summary>
    /// The steps whose product a matrix is, in the order in which they map a part; null where one cannot be undone.
    /// </summary>
    private IReadOnlyList<(JointMap Map, IReadOnlyList<int> Operands)>? Factors(int matrix, bool fromLeft,
        IOperation at)
    {
        var known = values[matrix].Matrix;
        if (values.Reads(matrix).Any() || values.UsesContext(matrix))
        {
            Refuse(at,
                $"'{at.Syntax}' is computed from a part or the context, and would be another matrix "
                + "for each point of a batch; mix with a matrix of parameters, or two parts at once: "
                + "(a, b) = (p * a + q * b, r * a + s * b)");
            return null;
        }

        if (known.IsTriangular && known.Diagonal == Diagonal.Zero)
        {
            Refuse(at, $"'{at.Syntax}' is a triangular matrix with zeros on its diagonal, which is singular; "
                + "add a diagonal: torch.eye(n), or torch.diag_embed(torch.exp(s))");
            return null;
        }

        if (known.IsOrthogonal)
        {
            return [(JointMap.Orthogonal(fromLeft), Matrices.MadeOf(values, matrix))];
        }

        if (known.IsTriangular)
        {
            if (known.Diagonal == Diagonal.Unknown)
            {
                report(Diagnostic.Create(
                    Rules.MayBeSingular, at.Syntax.GetLocation(), at.Syntax, "no entry of its diagonal is zero",
                    "torch.eye(n) or torch.diag_embed(torch.exp(s)) on the diagonal, "
                    + "or the mark [Triangular] if its values are kept so"));
            }

            return [(JointMap.Triangular(fromLeft, isUpper: !known.IsLower, known.Diagonal == Diagonal.One),
                Matrices.MadeOf(values, matrix))];
        }

        switch (values[matrix])
        {
            case Call { Function: "matmul" or "mm" } product:
                var (first, second) = fromLeft ? (1, 0) : (0, 1);
                return Factors(product.Operands[first], fromLeft, at) is { } one
                    && Factors(product.Operands[second], fromLeft, at) is { } other
                    ? [.. one, .. other] : null;
            case Call { Function: "matrix_exponential" } exponential:
                return [(JointMap.Exponential(fromLeft), [matrix, exponential.Operands[0]])];
            case Call { Function: "transpose", Operands: [var of] } when Transposed(of) is { } turned:
                return Factors(turned, fromLeft, at);
            case Call { Function: "matrix_exp" }:
                Refuse(at, $"'{at.Syntax}' is off by more than rounding, so that nothing exact undoes it; "
                    + "write MatrixFunctions.Exponential(w)");
                return null;
            default:
                Refuse(at, $"A product with '{at.Syntax}' may be singular; build the matrix of what is not: "
                    + "torch.tril(w, -1) + torch.eye(n), MatrixFunctions.Exponential(w), "
                    + "a field or a method marked [Orthogonal] or [Triangular], and products of these; "
                    + "or apply a PluLinear bijector");
                return null;
        }
    }

    /// <summary>The transpose of a product, or of an exponential, as one again; null of anything else.</summary>
    private int? Transposed(int matrix) => values[matrix] switch
    {
        Call { Function: "matmul" or "mm", Operands: [var a, var b] } =>
            Arithmetic.Product(values, [Arithmetic.Transpose(values, b), Arithmetic.Transpose(values, a)]),
        Call { Function: "matrix_exponential", Operands: [var of] } => values.Add(
            new Call(new(["global::Bijectors.MatrixFunctions.Exponential(", ")"]),
                new([Arithmetic.Transpose(values, of)]), ValueKind.Tensor, Sign.Unknown, "matrix_exponential")),
        Call { Function: "transpose", Operands: [var of] } => of,
        _ => null,
    };

    private int? Cumulative(IInvocationOperation call, string name, IReadOnlyList<IOperation> arguments, ISymbol chosen,
        TextSpan statement)
    {
        if (arguments.Count != 2 || Operations.Unwrap(arguments[1]).ConstantValue.Value is not { } constant
            || Operations.AsDouble(constant) is not { } axis)
        {
            return Refuse(call, $"'{name}' is undone along one axis, written as a number and counted from the end: "
                + $"torch.{name}(x, -1)");
        }

        return parts.Parse(arguments[0], chosen, statement) is { } input && _steps.HasAxis((int)axis, chosen, call)
            ? _steps.Join(name == "cumsum" ? JointMap.CumulativeSum((int)axis) : JointMap.CumulativeProduct((int)axis),
                [], input, call, chosen)
            : null;
    }

    /// <summary><c>remainder(x + s, c)</c>.</summary>
    private int? Circle(IInvocationOperation call, IReadOnlyList<IOperation> arguments, ISymbol chosen,
        TextSpan statement)
    {
        const string Wanted = "write torch.remainder(x + s, c) for x in (0, c), with c a number";
        if (Operations.Unwrap(arguments[1]).ConstantValue.Value is not { } constant
            || Operations.AsDouble(constant) is not { } period
            || !(period > 0) || double.IsInfinity(period)
            || Operations.Unwrap(arguments[0]) is not IBinaryOperation { OperatorKind: BinaryOperatorKind.Add
                or BinaryOperatorKind.Subtract } sum
            || !Operations.IsArithmetic(sum))
        {
            return Refuse(call, $"'{call.Syntax}' maps many inputs to one output; {Wanted}");
        }

        var subtracts = sum.OperatorKind == BinaryOperatorKind.Subtract;
        var isFirst = parts.Choice.Maps(sum.LeftOperand, chosen);
        if (!isFirst && subtracts)
        {
            return Refuse(call, $"'{call.Syntax}' turns the circle round; {Wanted}");
        }

        var (inner, shift) = isFirst ? (sum.LeftOperand, sum.RightOperand) : (sum.RightOperand, sum.LeftOperand);
        if (parts.Choice.Maps(shift, chosen))
        {
            report(Diagnostic.Create(Rules.SelfConditioning, shift.Syntax.GetLocation(), chosen.Name,
                Advice.ForSelf(shift)));
            return null;
        }

        return parts.Value(shift) is { } s && parts.Parse(inner, chosen, statement) is { } input
            ? _steps.Join(JointMap.CircularShift(period, Numbers.Literal(period), subtracts), [s], input, call, chosen)
            : null;
    }

    /// <summary>A map of vectors to points of a surface.</summary>
    private int? Surface(JointMap map, IInvocationOperation call, IOperation inner, ISymbol chosen,
        TextSpan statement)
    {
        if (parts.Parse(inner, chosen, statement) is not { } input)
        {
            return null;
        }

        if (!parts.KeepsRank || EventRanks.Of(chosen.ContainingType, call.SemanticModel!.Compilation) != 1)
        {
            return Refuse(call, $"'{call.Syntax}' maps vectors to vectors of another size, and it is not certain that "
                + "the part is one vector for each point; write 'public override int EventRank => 1', and no step "
                + "before it that may change the number of dimensions");
        }

        var output = parts.Next(input);
        parts.Steps.Add(new SurfaceStep(map, input, output, new(Enumerable.Empty<int>())));
        parts.OnSurfaces.Add((output, call));
        return output;
    }

    private int? Refuse(IOperation at, string why)
    {
        report(Diagnostic.Create(Rules.NotInvertible, at.Syntax.GetLocation(), why));
        return null;
    }
}
