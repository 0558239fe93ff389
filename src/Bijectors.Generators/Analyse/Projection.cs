namespace Bijectors.Generators.Analyse;

/// <summary>h(z) with z computed from a part: a row of the table with a bounded slope, or nothing.</summary>
/// <param name="Row">The name of the row; null for h(z) = z.</param>
/// <param name="Inner">z.</param>
/// <param name="HasAxis">Whether an axis of size 1 is added behind h.</param>
internal readonly record struct Bend(string? Row, int Inner, bool HasAxis)
{
    public static Bend? Of(ValueTable values, int value, int part)
    {
        var (of, hasAxis) = Projection.WithoutAxis(values, value);
        if (values[of] is Call { Operands: [var inner] } call && values.ReadsNumbers(inner, part)
            && Primitives.All.TryGetValue(call.Function, out var row) && !row.HasOperand)
        {
            return row.SteepestSlope is null ? null : new(row.Name, inner, hasAxis);
        }

        return new(null, of, hasAxis);
    }
}

/// <summary>
/// How the w of x.w is written: for each entry of x, as a vector for matmul, as a matrix of one column.
/// </summary>
internal enum WeightForm
{
    Row,
    Vector,
    Column,
}

/// <summary>x W + b, linear in a part.</summary>
/// <param name="Weights">The factors of W, in order; or w alone.</param>
/// <param name="Bias">b, with an axis of size 1 at its end where it is a tensor.</param>
/// <param name="Form">How w is written.</param>
internal sealed record Projection(IReadOnlyList<int> Weights, int Bias, WeightForm Form)
{
    /// <param name="values">The known values.</param>
    /// <param name="value">The value.</param>
    /// <param name="part">The part that it reads.</param>
    /// <param name="hasAxis">Whether the axis of the one number x.w is added outside of the value.</param>
    public static Projection? Of(ValueTable values, int value, int part, bool hasAxis)
    {
        bool Reads(int v) => values.ReadsNumbers(v, part);

        var (of, isAdded) = WithoutAxis(values, value);
        if (isAdded)
        {
            return hasAxis ? null : Of(values, of, part, hasAxis: true);
        }

        switch (values[of])
        {
            case Call { Function: "add", Operands: [var a, var b] } when Reads(a) != Reads(b):
                var (inner, known) = Reads(a) ? (a, b) : (b, a);
                return Of(values, inner, part, hasAxis) is { } sum
                    ? sum with { Bias = Arithmetic.Add(values, sum.Bias, Axis(values, known, hasAxis)) } : null;
            case Call { Function: "sub", Operands: [var a, var b] } when Reads(a) && !Reads(b):
                return Of(values, a, part, hasAxis) is { } difference
                    ? difference with { Bias = Arithmetic.Subtract(values, difference.Bias, Axis(values, b, hasAxis)) }
                        : null;
            case Call { Function: "matmul", Operands: [var a, var matrix] } when values[a] == new PartRead(part)
                && !Reads(matrix):
                return new([matrix], Arithmetic.Constant(values, 0), hasAxis ? WeightForm.Vector : WeightForm.Column);
            case Call { Function: "matmul", Operands: [var a, var matrix] } when !hasAxis
                && values[a] is Call { Function: "matmul" } && !Reads(matrix):
                return Of(values, a, part, hasAxis) is { Form: WeightForm.Column } chain
                    ? chain with { Weights = [.. chain.Weights, matrix] } : null;
            case Call { Function: "sum", Operands: [var product, ..] } total when !hasAxis
                && total.Options.SequenceEqual(["dim=-1", "keepdim=True"])
                && values[product] is Call { Function: "mul", Operands: [var a, var b] }:
                var (x, w) = values[a] == new PartRead(part) ? (a, b) : (b, a);
                return values[x] == new PartRead(part) && !Reads(w)
                    ? new([w], Arithmetic.Constant(values, 0), WeightForm.Row) : null;
            default:
                return null;
        }
    }

    /// <summary>A value without an axis of size 1 that was added at its end.</summary>
    public static (int Value, bool WasAdded) WithoutAxis(ValueTable values, int value) =>
        values[value] is Call { Function: "unsqueeze", Operands: [var inner, var axis] }
            && values[axis] is Leaf { Constant: -1 } ? (inner, true) : (value, false);

    private static int Axis(ValueTable values, int value, bool isMissing) => isMissing
        && values[value].Kind == ValueKind.Tensor
        ? values.Add(new Call(new(["", ".unsqueeze(-1)"]), new([value]), ValueKind.Tensor, values[value].Sign)) : value;
}
