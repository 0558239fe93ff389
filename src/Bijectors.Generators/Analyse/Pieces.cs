namespace Bijectors.Generators.Analyse;

/// <summary>
/// What is known of one piece of a map: its direction, and where it takes the number at which it ends.
/// </summary>
internal static class Pieces
{
    /// <summary>1 for maps that increase together, -1 for maps that decrease, 0 where that is not known.</summary>
    public static int Direction(IEnumerable<Step> steps, IReadOnlyList<Value> values) =>
        steps.Aggregate(1, (direction, step) => direction * step switch
        {
            PiecewiseStep inner => inner.IsIncreasing ? 1 : -1,
            MapStep map => AnyOperand.Direction(Primitives.All[map.Primitive], OperandOf(map, values)),
            _ => 0,
        });

    /// <summary>
    /// Where maps take a number, exactly or between two doubles: null where that depends on an operand.
    /// <paramref name="outside"/> is the first map that is not defined there, or has no slope there.
    /// </summary>
    public static End? At(IEnumerable<Step> steps, IReadOnlyList<Value> values, double number, out string? outside)
    {
        outside = null;
        End? at = End.At(number);
        foreach (var step in steps)
        {
            if (at is not { } x)
            {
                return null;
            }

            var (name, domain) = step switch
            {
                PiecewiseStep inner => ("where", inner.Domain),
                MapStep map => (map.Primitive, Primitives.All[map.Primitive].Domain),
                _ => throw new ArgumentException($"A piece has no step {step}."),
            };
            if (!(domain.Low < x.Low && x.High < domain.High))
            {
                outside = name;
                return null;
            }

            at = step is PiecewiseStep pieces ? At(pieces, values, x, out outside) : At((MapStep)step, values, x);
        }

        return at;
    }

    private static End? At(PiecewiseStep step, IReadOnlyList<Value> values, End x, out string? outside)
    {
        outside = null;
        return x == End.At(step.Cut) ? End.At(step.Image)
            : !x.IsExact ? null
            : At((x.Low < step.Cut ? step.Below : step.Above).Steps, values, x.Low, out outside);
    }

    private static End? At(MapStep map, IReadOnlyList<Value> values, End x)
    {
        var (row, operand) = (Primitives.All[map.Primitive], OperandOf(map, values));
        return AnyOperand.CurveOf(row, operand) is { } curve ? x.Through(curve) : AnyOperand.At(row, operand!, x);
    }

    private static Value? OperandOf(MapStep map, IReadOnlyList<Value> values) =>
        map.Operands.Count > 0 ? values[map.Operands[0]] : null;
}
