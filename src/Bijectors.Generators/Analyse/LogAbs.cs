using System.Globalization;

namespace Bijectors.Generators.Analyse;

/// <summary>
/// The logarithm of the absolute value of a known multiplier, without leaving log space where the multiplier says how:
/// <c>log|exp(s)| = s</c>, <c>log|sigmoid(s)| = logsigmoid(s)</c>, <c>log|a b| = log|a| + log|b|</c>.
/// </summary>
internal static class LogAbs
{
    private const string Math = "global::System.Math.";

    public static int Of(ValueTable values, int index) => values[index] switch
    {
        Leaf { Constant: { } c } => values.Add(Number(System.Math.Log(System.Math.Abs(c)))),
        // Of a number as it was computed: taken apart, one in single precision would have another logarithm. Math.Abs
        // knows no ulong and throws at int.MinValue.
        { Kind: ValueKind.Number } => values.Add(new Call(
            new([Math + "Log(" + Math + "Abs((double)", "))"]), new([index]), ValueKind.Number, Sign.Unknown)),
        Call { Function: "exp" } call => call.Operands[0],
        Call { Function: "sigmoid" } call =>
            Apply(values, values.Torch + ".nn.functional.logsigmoid(", call.Operands[0]),
        Call { Function: "neg" } call => Of(values, call.Operands[0]),
        Call { Function: "mul" } call =>
            Join(values, Of(values, call.Operands[0]), " + ", Of(values, call.Operands[1])),
        Call { Function: "div" } call =>
            Join(values, Of(values, call.Operands[0]), " - ", Of(values, call.Operands[1])),
        { Sign: Sign.Positive } => Apply(values, values.Torch + ".log(", index),
        _ => Apply(values, values.Torch + ".log(", Apply(values, values.Torch + ".abs(", index)),
    };

    private static Leaf Number(double value) =>
        new(value.ToString("R", CultureInfo.InvariantCulture), ValueKind.Number, Sign.Unknown, value);

    private static int Apply(ValueTable values, string function, int operand) =>
        values.Add(new Call(new([function, ")"]), new([operand]), ValueKind.Tensor, Sign.Unknown));

    private static int Join(ValueTable values, int left, string op, int right)
    {
        var kind = values[left].Kind == ValueKind.Number && values[right].Kind == ValueKind.Number
            ? ValueKind.Number : ValueKind.Tensor;
        return values.Add(new Call(new(["(", op, ")"]), new([left, right]), kind, Sign.Unknown));
    }
}
