using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse.Forms;

/// <summary><c>torch.where(x &lt; c, f, g)</c> for a variable x and a literal c, in any of its spellings.</summary>
/// <param name="Variable">The variable.</param>
/// <param name="At">The literal.</param>
/// <param name="IsBelow">Whether the literal itself is mapped as what lies below it.</param>
/// <param name="Below">What stands for numbers below the literal.</param>
/// <param name="Above">What stands for numbers above it.</param>
internal sealed record Cut(IOperation Variable, double At, bool IsBelow, IOperation Below, IOperation Above)
{
    // Numbers that float32 does not have are nothing that a part could be compared with.
    private const double Largest = 3e38;

    /// <summary>The cut of a call; null for all other calls.</summary>
    public static Cut? Of(IInvocationOperation call)
    {
        if (call.Instance is not null || KnownFunctions.NameOf(call.TargetMethod) != "where"
            || Operations.Explicit(call) is not [var condition, var yes, var no]
            || Comparison(Operations.Unwrap(condition)) is not var (left, sign, right))
        {
            return null;
        }

        var (one, other) = (Operations.Unwrap(left), Operations.Unwrap(right));
        var (variable, number, relation) = Operations.Variable(one) is not null ? (one, other, sign)
            : (other, one, Turned(sign));
        if (Operations.Variable(variable) is null || number.ConstantValue is not { HasValue: true, Value: { } constant }
            || Operations.AsDouble(constant) is not { } at || !(Math.Abs(at) <= Largest))
        {
            return null;
        }

        // What the condition does not hold for goes the other way, so that x > c leaves the cut below.
        return relation is "<" or "<="
            ? new(variable, at + 0.0, relation == "<=", yes, no)
            : new(variable, at + 0.0, relation == ">", no, yes);
    }

    private static (IOperation Left, string Sign, IOperation Right)? Comparison(IOperation op) => op switch
    {
        IBinaryOperation binary when Operations.IsTensor(binary.Type) && !Operations.IsForeign(binary.OperatorMethod)
            && SignOf(binary.OperatorKind.ToString()) is { } sign => (binary.LeftOperand, sign, binary.RightOperand),
        IInvocationOperation call when SignOf(KnownFunctions.NameOf(call.TargetMethod)) is { } sign
            && Operations.Explicit(call) is [var left, var right] => (left, sign, right),
        _ => null,
    };

    private static string? SignOf(string? name) => name switch
    {
        "lt" or "less" or nameof(BinaryOperatorKind.LessThan) => "<",
        "le" or "less_equal" or nameof(BinaryOperatorKind.LessThanOrEqual) => "<=",
        "gt" or "greater" or nameof(BinaryOperatorKind.GreaterThan) => ">",
        "ge" or "greater_equal" or nameof(BinaryOperatorKind.GreaterThanOrEqual) => ">=",
        _ => null,
    };

    private static string Turned(string sign) => (sign[0] == '<' ? ">" : "<") + sign.Substring(1);
}
