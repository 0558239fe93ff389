namespace Bijectors.Generators.Analyse;

/// <summary>
/// What rows of the table do whatever number their operand is: in which direction they go, and where they take 0, 1 and
/// the infinities.
/// </summary>
internal static class AnyOperand
{
    /// <summary>A row as a function of doubles; null where its operand is no literal.</summary>
    public static Curve? CurveOf(Primitive row, Value? operand) =>
        Curve.Of(row, operand is Leaf { Constant: { } constant } ? constant : null)?.Forward;

    /// <summary>
    /// 1 for a row that increases, -1 for one that decreases, 0 where its operand decides on that and is not known.
    /// </summary>
    public static int Direction(Primitive row, Value? operand)
    {
        if (CurveOf(row, operand) is { } curve)
        {
            return curve.At(row.Domain.Low) < curve.At(row.Domain.High) ? 1 : -1;
        }

        return row.Name switch
        {
            "x+" or "+x" or "x-" => 1,
            "-x" => -1,
            "x*" or "*x" or "x/" or "pow" => SideOf(operand!),
            "leaky_relu" when SideOf(operand!) == 1 => 1,
            _ => 0,
        };
    }

    /// <summary>Where a row takes a number; null where that is up to the operand.</summary>
    public static End? At(Primitive row, Value operand, End x)
    {
        var side = SideOf(operand);
        var (zero, infinity) = (End.At(0), End.At(double.PositiveInfinity));
        var isInfinite = x.IsExact && double.IsInfinity(x.Low);
        return row.Name switch
        {
            "x+" or "+x" or "x-" when isInfinite => x,
            "-x" when isInfinite => End.At(-x.Low),
            "x*" or "*x" or "x/" when x == zero => x,
            "x*" or "*x" or "x/" when isInfinite && side != 0 => End.At(side * x.Low),
            "pow" when x == End.At(1) => x,
            "pow" when side != 0 && (x == zero || x == infinity) => (x == zero) == (side > 0) ? zero : infinity,
            "leaky_relu" when side == 1 && (x.Low >= 0 || isInfinite) => x,
            _ => null,
        };
    }

    /// <summary>On which side of 0 a value certainly lies: 1, -1, or 0 where that is not known.</summary>
    private static int SideOf(Value value) =>
        value.Sign == Sign.Positive ? 1 : value.Sign == Sign.NonZero && Intervals.Of(value).High <= 0 ? -1 : 0;
}
