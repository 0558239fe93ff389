using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse;

/// <summary>Arithmetic of whole numbers in which constants stand for variables.</summary>
internal static class WholeNumbers
{
    /// <summary>
    /// A division by a constant that is, or may be, zero: C# would not compile it of constants, where it throws of
    /// variables when it runs.
    /// </summary>
    /// <param name="op">The expression in which it may stand.</param>
    /// <param name="known">The numbers of the variables that constants stand for.</param>
    public static IOperation? DividedByZero(IOperation op, Func<IOperation, double?> known) =>
        op.DescendantsAndSelf().FirstOrDefault(o => o is IBinaryOperation
        {
            OperatorKind: BinaryOperatorKind.Divide or BinaryOperatorKind.Remainder, OperatorMethod: null,
            Type.SpecialType: not (SpecialType.System_Double or SpecialType.System_Single),
            RightOperand: var divisor,
        } && IsConstant(divisor, known) && Value(divisor, known) is null or 0);

    private static bool IsConstant(IOperation op, Func<IOperation, double?> known) =>
        op.ConstantValue.HasValue || known(op) is not null
        || (op is IBinaryOperation or IUnaryOperation or IConversionOperation or IParenthesizedOperation
            && op.ChildOperations.All(c => IsConstant(c, known)));

    /// <summary>The value, where no step of it leaves 32 bits; null otherwise.</summary>
    private static double? Value(IOperation op, Func<IOperation, double?> known)
    {
        var value = op switch
        {
            { ConstantValue: { HasValue: true, Value: { } constant } } => Operations.AsDouble(constant),
            _ when known(op) is { } number => number,
            IParenthesizedOperation inner => Value(inner.Operand, known),
            IConversionOperation inner => Value(inner.Operand, known),
            IUnaryOperation { OperatorKind: UnaryOperatorKind.Plus } unary => Value(unary.Operand, known),
            IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus } unary => -Value(unary.Operand, known),
            IBinaryOperation { LeftOperand: var l, RightOperand: var r } binary =>
                binary.OperatorKind switch
                {
                    BinaryOperatorKind.Add => Value(l, known) + Value(r, known),
                    BinaryOperatorKind.Subtract => Value(l, known) - Value(r, known),
                    BinaryOperatorKind.Multiply => Value(l, known) * Value(r, known),
                    BinaryOperatorKind.Divide => Math.Truncate((Value(l, known) / Value(r, known)) ?? double.NaN),
                    _ => null,
                },
            _ => null,
        };
        return value is > int.MinValue and < int.MaxValue && Fits(op.Type, value.Value) ? value : null;
    }

    /// <summary>Whether a type holds a number as it is, where a narrower one would cut it off.</summary>
    private static bool Fits(ITypeSymbol? type, double value) => type?.SpecialType switch
    {
        SpecialType.System_Byte => value is >= byte.MinValue and <= byte.MaxValue,
        SpecialType.System_SByte => value is >= sbyte.MinValue and <= sbyte.MaxValue,
        SpecialType.System_Int16 => value is >= short.MinValue and <= short.MaxValue,
        SpecialType.System_UInt16 => value is >= ushort.MinValue and <= ushort.MaxValue,
        SpecialType.System_UInt32 or SpecialType.System_UInt64 => value >= 0,
        _ => true,
    };
}
