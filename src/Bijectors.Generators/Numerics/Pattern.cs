using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Numerics;

/// <summary>
/// A formula of the table, compared with operations. It reads torch functions, Tensor methods and
/// <c>System.Math</c> alike.
/// </summary>
internal sealed class Pattern(string formula)
{
    private readonly ExpressionSyntax _formula = SyntaxFactory.ParseExpression(formula);

    /// <summary>
    /// What the variables stand for in an operation, and a call that shows how the author spells functions; null if
    /// it does not fit.
    /// </summary>
    public Match? Match(IOperation op)
    {
        var match = new Match();
        return Fits(_formula, op, match) ? match : null;
    }

    private static bool Fits(ExpressionSyntax formula, IOperation operation, Match match)
    {
        var op = Operations.Unwrap(operation);
        return formula switch
        {
            ParenthesizedExpressionSyntax p => Fits(p.Expression, op, match),
            LiteralExpressionSyntax literal => op.ConstantValue is { HasValue: true, Value: { } value }
                && Operations.AsDouble(value) is { } number && number == Convert.ToDouble(literal.Token.Value),
            IdentifierNameSyntax variable => match.Bind(variable.Identifier.Text, op),
            PrefixUnaryExpressionSyntax minus => Negated(op) is { } operand && Fits(minus.Operand, operand, match),
            BinaryExpressionSyntax binary => FitsBinary(binary, op, match),
            InvocationExpressionSyntax call => FitsCall(call, op, match),
            _ => throw new InvalidOperationException($"'{formula}' has no place in the table of poor forms."),
        };
    }

    private static bool FitsBinary(BinaryExpressionSyntax formula, IOperation op, Match match)
    {
        if (op is not IBinaryOperation binary || !Operations.IsArithmetic(binary)
            || binary.OperatorKind != KindOf(formula))
        {
            return false;
        }

        var before = match.Copy();
        if (Fits(formula.Left, binary.LeftOperand, match) && Fits(formula.Right, binary.RightOperand, match))
        {
            return true;
        }

        match.Restore(before);
        return binary.OperatorKind is BinaryOperatorKind.Add or BinaryOperatorKind.Multiply
            && Fits(formula.Left, binary.RightOperand, match) && Fits(formula.Right, binary.LeftOperand, match);
    }

    private static bool FitsCall(InvocationExpressionSyntax formula, IOperation op, Match match)
    {
        if (op is not IInvocationOperation call
            || NameOf(call.TargetMethod) != ((IdentifierNameSyntax)formula.Expression).Identifier.Text)
        {
            return false;
        }

        var arguments = Operations.Explicit(call);
        match.Example ??= call;
        return arguments.Count == formula.ArgumentList.Arguments.Count
            && formula.ArgumentList.Arguments.Select((a, i) => Fits(a.Expression, arguments[i], match))
                .All(fits => fits);
    }

    private static string? NameOf(IMethodSymbol method) => KnownFunctions.NameOf(method) switch
    {
        "Log" => "log",
        "log_sigmoid" => "logsigmoid",
        var name => name,
    };

    private static IOperation? Negated(IOperation op) => op switch
    {
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus } minus
            when Operations.IsArithmetic(minus) => minus.Operand,
        IInvocationOperation call when KnownFunctions.NameOf(call.TargetMethod) is "neg" or "negative" =>
            Operations.Explicit(call)[0],
        _ => null,
    };

    private static BinaryOperatorKind KindOf(BinaryExpressionSyntax formula) => formula.Kind() switch
    {
        SyntaxKind.AddExpression => BinaryOperatorKind.Add,
        SyntaxKind.SubtractExpression => BinaryOperatorKind.Subtract,
        SyntaxKind.MultiplyExpression => BinaryOperatorKind.Multiply,
        _ => BinaryOperatorKind.Divide,
    };
}
