namespace Bijectors.Generators.Analyse;

/// <summary>
/// Builds known values from known values, with what is proven of them. Numbers are worked out where all are literals.
/// </summary>
internal static class Arithmetic
{
    public static int Constant(ValueTable values, double value) => values.Add(
        new Leaf(CSharp.Literal(value)!, ValueKind.Number, Signs.OfConstant(value), value));

    /// <summary>The number that a value is, where it is made of literals alone.</summary>
    public static double? ConstantOf(IReadOnlyList<Value> values, int index) => values[index] switch
    {
        Leaf { Constant: { } constant } => constant,
        Call { Kind: ValueKind.Number, Operands: [var only] } call when ConstantOf(values, only) is { } x =>
            call.Function switch
        {
            "sqrt" => Math.Sqrt(x),
            "exp" => Math.Exp(x),
            "neg" => -x,
            "cos" => Math.Cos(x),
            "sin" => Math.Sin(x),
            _ => null,
        },
        Call { Kind: ValueKind.Number, Operands: [var one, var other] } call
            when ConstantOf(values, one) is { } x && ConstantOf(values, other) is { } y => call.Function switch
            {
                "add" => x + y,
                "sub" => x - y,
                "mul" => x * y,
                "div" => x / y,
                _ => null,
            },
        _ => null,
    };

    public static int Multiply(ValueTable values, int a, int b) =>
        IsConstant(values, a, 1) ? b : IsConstant(values, b, 1) ? a
        : IsConstant(values, a, -1) ? Negate(values, b) : IsConstant(values, b, -1) ? Negate(values, a)
        : IsConstant(values, a, 0) ? a : IsConstant(values, b, 0) ? b
        : Apply(values, "mul", " * ", a, b);

    public static int Divide(ValueTable values, int a, int b) => IsConstant(values, b, 1) || IsConstant(values, a, 0)
        ? a : Apply(values, "div", " / ", a, b);

    public static int Add(ValueTable values, int a, int b) => IsConstant(values, a, 0) ? b : IsConstant(values, b, 0)
        ? a
        : values[b] is Call { Function: "neg" } negative ? Apply(values, "sub", " - ", a, negative.Operands[0])
            : Apply(values, "add", " + ", a, b);

    public static int Subtract(ValueTable values, int a, int b) => IsConstant(values, b, 0) ? a
        : IsConstant(values, a, 0) ? Negate(values, b)
        : values[b] is Call { Function: "neg" } or Leaf { Constant: < 0 }
            ? Apply(values, "add", " + ", a, Negate(values, b))
        : Apply(values, "sub", " - ", a, b);

    /// <summary>
    /// The product of matrices, in order: by mm, which throws where shapes do not fit, and does not end the process.
    /// </summary>
    public static int Product(ValueTable values, IReadOnlyList<int> matrices) => matrices.Skip(1)
        .Aggregate(matrices[0], (a, b) => values.Add(
        new Call(new(["", ".mm(", ")"]), new([a, b]), ValueKind.Tensor, Sign.Unknown,
            "mm") { Matrix = Matrices.Of(values, "mm", [a, b]) }));

    /// <summary>The transpose of a matrix.</summary>
    public static int Transpose(ValueTable values, int matrix) =>
        values.Add(new Call(new(["", ".mT"]), new([matrix]), ValueKind.Tensor, Sign.Unknown, "transpose")
    {
        Matrix = values[matrix].Matrix.Transposed,
    });

    public static int Negate(ValueTable values, int a) => values[a] switch
    {
        Leaf { Constant: { } constant } => Constant(values, -constant),
        Call { Function: "neg" } negative => negative.Operands[0],
        _ => values.Add(Built(values, "neg", new(["-", ""]), [a])),
    };

    private static int Apply(ValueTable values, string function, string sign, int a, int b) =>
        values[a] is Leaf { Constant: { } x } && values[b] is Leaf { Constant: { } y }
            && !double.IsInfinity(Folded(function, x, y))
            ? Constant(values, Folded(function, x, y))
            : values.Add(Built(values, function, new(["", sign, ""]), [a, b]));

    private static Call Built(ValueTable values, string function, EquatableArray<string> pieces,
        IReadOnlyList<int> operands)
    {
        var interval = Intervals.Of(function, [.. operands.Select(o => Intervals.Of(values[o]))],
            isSquare: operands.Distinct().Count() < operands.Count);
        var sign = Signs.Both(Signs.Of(function, [.. operands.Select(o => values[o].Sign)]), interval.Sign);
        var kind = operands.All(o => values[o].Kind == ValueKind.Number) ? ValueKind.Number : ValueKind.Tensor;
        return new(pieces, new(operands), kind, sign, function) { Interval = interval };
    }

    private static double Folded(string function, double x, double y) =>
        function switch { "add" => x + y, "sub" => x - y, "mul" => x * y, _ => x / y };

    private static bool IsConstant(ValueTable values, int index, double value) =>
        values[index] is Leaf { Constant: { } constant } && constant == value;
}
