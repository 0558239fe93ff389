namespace Bijectors.Generators.Analyse;

/// <summary>
/// A value as a linear combination of two parts: <c>First x1 + Second x2</c>, with known coefficients.
/// </summary>
internal readonly record struct Combination(int First, int Second)
{
    /// <summary>The coefficients of a value; null where it is no such combination.</summary>
    public static Combination? Of(ValueTable values, int index, int first, int second)
    {
        if (values[index] is PartRead read)
        {
            var (one, zero) = (Arithmetic.Constant(values, 1), Arithmetic.Constant(values, 0));
            return read.Part == first ? new(one, zero) : read.Part == second ? new(zero, one) : null;
        }

        Combination? At(int operand) => Of(values, operand, first, second);
        bool IsKnown(int operand) => !values.PartReads(operand)
            .Any(r => !r.IsShapeOnly && (r.Part == first || r.Part == second));

        return values[index] switch
        {
            Call { Function: "neg", Operands: [var of] } when At(of) is { } c =>
                c.Map(k => Arithmetic.Negate(values, k)),
            Call { Function: "add", Operands: [var a, var b] } when At(a) is { } c
                && At(b) is { } d => c.With(d, (x, y) => Arithmetic.Add(values, x, y)),
            Call { Function: "sub", Operands: [var a, var b] } when At(a) is { } c
                && At(b) is { } d => c.With(d, (x, y) => Arithmetic.Subtract(values, x, y)),
            Call { Function: "mul", Operands: [var k, var of] } when IsKnown(k)
                && At(of) is { } c => c.Map(x => Arithmetic.Multiply(values, k, x)),
            Call { Function: "mul", Operands: [var of, var k] } when IsKnown(k)
                && At(of) is { } c => c.Map(x => Arithmetic.Multiply(values, k, x)),
            Call { Function: "div", Operands: [var of, var k] } when IsKnown(k)
                && At(of) is { } c => c.Map(x => Arithmetic.Divide(values, x, k)),
            _ => null,
        };
    }

    private Combination Map(Func<int, int> map) => new(map(First), map(Second));

    private Combination With(Combination other, Func<int, int, int> join) =>
        new(join(First, other.First), join(Second, other.Second));
}
