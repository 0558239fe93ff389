using Bijectors.Generators.Language;
using Bijectors.Generators.Model;

namespace Bijectors.Generators.Analyse;

/// <summary>What rows of the table do whatever number their operand is: in which direction they go, and where they take 0, 1 and the infinities.</summary>
internal static class AnyOperand
{
    /// <summary>1 for a row that increases, -1 for one that decreases, 0 where the operand decides and nothing is known of it.</summary>
    public static int Direction(Primitive row, Value? operand)
    {
        if (Curve.Of(row, operand is Leaf { Constant: { } c } ? c : null) is var (forward, _))
        {
            return forward.At(row.Domain.Low) < forward.At(row.Domain.High) ? 1 : -1;
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
        var isInfinite = x.IsExact && double.IsInfinity(x.Low);
        return row.Name switch
        {
            "x+" or "+x" or "x-" when isInfinite => x,
            "-x" when isInfinite => End.At(-x.Low),
            "x*" or "*x" or "x/" when x == End.At(0) => x,
            "x*" or "*x" or "x/" when isInfinite && side != 0 => End.At(side * x.Low),
            "pow" when x == End.At(1) => x,
            "pow" when side != 0 && (x == End.At(0) || x == End.At(double.PositiveInfinity)) => End.At((x.Low == 0) == (side > 0) ? 0 : double.PositiveInfinity),
            "leaky_relu" when side == 1 && (x.Low >= 0 || isInfinite) => x,
            _ => null,
        };
    }

    /// <summary>On which side of 0 a value certainly lies: 1, -1, or 0 where that is not known.</summary>
    private static int SideOf(Value value) =>
        value.Sign == Sign.Positive ? 1 : value.Sign == Sign.NonZero && Intervals.Of(value).High <= 0 ? -1 : 0;
}
