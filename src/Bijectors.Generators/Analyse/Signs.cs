namespace Bijectors.Generators.Analyse;

/// <summary>What can be said of the sign of a result from the signs of the operands.</summary>
internal static class Signs
{
    public static Sign OfConstant(double value) => value > 0 ? Sign.Positive : value < 0 ? Sign.NonZero : Sign.Unknown;

    /// <summary>What follows from two things that are known of one value.</summary>
    public static Sign Both(Sign one, Sign other) => (Sign)Math.Max((int)one, (int)other);

    /// <param name="function">The function or operator, as <see cref="Call.Function"/> has it.</param>
    /// <param name="operands">The signs of its operands.</param>
    public static Sign Of(string function, IReadOnlyList<Sign> operands) => function switch
    {
        "add" => operands.All(s => s == Sign.Positive) ? Sign.Positive : Sign.Unknown,
        "mul" or "div" => operands.All(s => s == Sign.Positive) ? Sign.Positive
            : operands.All(s => s != Sign.Unknown) ? Sign.NonZero : Sign.Unknown,
        "neg" => operands[0] == Sign.Unknown ? Sign.Unknown : Sign.NonZero,
        "abs" or "square" => operands[0] == Sign.Unknown ? Sign.Unknown : Sign.Positive,
        "pow" => operands[0] == Sign.Positive ? Sign.Positive : Sign.Unknown,
        _ when KnownFunctions.IsPositive(function) && operands.Count == 1 => Sign.Positive,
        _ when KnownFunctions.KeepsPositive(function) && operands.Count > 0 =>
            operands[0] == Sign.Positive ? Sign.Positive : Sign.Unknown,
        _ => Sign.Unknown,
    };
}
