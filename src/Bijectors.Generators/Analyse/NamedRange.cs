namespace Bijectors.Generators.Analyse;

/// <summary>
/// An end of an interval: a number that doubles tell, or C# of numbers that only the class knows, such as
/// <c>-1 / lambda</c> of a field.
/// </summary>
internal readonly record struct NamedEnd(End? Number, string Text)
{
    public static NamedEnd At(End end) => new(end, Numbers.Literal(end.Value));
}

/// <summary>
/// An interval with ends that numbers of the class decide on. It is followed through arithmetic alone.
/// </summary>
internal sealed record NamedRange(NamedEnd Low, NamedEnd High)
{
    /// <summary>An interval of numbers; null where an end is not known well enough to be written down.</summary>
    public static NamedRange? Of(Range range) =>
        range.IsSharp ? new(NamedEnd.At(range.Low), NamedEnd.At(range.High)) : null;

    /// <summary>
    /// The image under a map that is defined everywhere in it; null for maps that are no arithmetic with a number of
    /// the class.
    /// </summary>
    /// <param name="map">The map.</param>
    /// <param name="values">The known values.</param>
    /// <param name="text">A known value as C#.</param>
    public NamedRange? Through(MapStep map, IReadOnlyList<Value> values, Func<int, string> text)
    {
        var row = Primitives.All[map.Primitive];
        if (row.Name == "neg")
        {
            return new(Negative(High), Negative(Low));
        }

        if (!row.HasOperand || !IsOfTheClass(map.Operands[0], values))
        {
            return null;
        }

        var operand = values[map.Operands[0]];
        var direction = AnyOperand.Direction(row, operand);
        if (direction == 0)
        {
            return null;
        }

        // Always a double: between whole numbers, a quotient would be cut off.
        var k = operand is Leaf { Constant: { } constant }
            ? Expressions.Bracket(Numbers.Literal(constant) + "d")
            : "(double)" + Expressions.Bracket(text(map.Operands[0]));
        return At(Low) is { } low && At(High) is { } high ? direction > 0 ? new(low, high) : new(high, low) : null;

        NamedEnd? At(NamedEnd end)
        {
            if (end.Number is { } x && Number(x) is { } number)
            {
                return NamedEnd.At(number);
            }

            var e = Expressions.Bracket(end.Text);
            return row.Name switch
            {
                "x+" or "+x" => new(null, $"{e} + {k}"),
                "x-" => new(null, $"{e} - {k}"),
                "-x" => new(null, $"{k} - {e}"),
                "x*" or "*x" => new(null, $"{e} * {k}"),
                "x/" => new(null, $"{e} / {k}"),
                _ => null,
            };
        }

        End? Number(End x) =>
            AnyOperand.CurveOf(row, operand) is { } curve ? x.Through(curve) : AnyOperand.At(row, operand, x);
    }

    private static NamedEnd Negative(NamedEnd end) =>
        end.Number is { } number ? NamedEnd.At(new(-number.High, -number.Low))
            : new(null, $"-{Expressions.Bracket(end.Text)}");

    /// <summary>
    /// Whether a value is a number that stands in the class, and nothing that a point, a context, a pass of a loop or a
    /// tensor decides on.
    /// </summary>
    private static bool IsOfTheClass(int value, IReadOnlyList<Value> values) =>
        values[value].Kind == ValueKind.Number && values.Closure(value).Select(v => values[v]).All(
            v => v.Kind != ValueKind.Tensor && v is not (Leaf { IsContext: true } or Leaf { Loop: not null }));
}
