using Bijectors.Generators.Language;
using Bijectors.Generators.Model;

namespace Bijectors.Generators.Invert;

/// <summary>
/// Turns the steps of a forward map into a program in either direction. The inverse is the inverses of the steps in reverse order:
/// the parser has made sure that whatever a step is conditioned on stands, at that point of the way back, as it stood on the way there.
/// </summary>
internal static class Inverter
{
    public static IReadOnlyList<Instruction> Forward(ForwardModel model) => [.. model.Steps.Select(s => Of(s, inverse: false))];

    public static IReadOnlyList<Instruction> Inverse(ForwardModel model) => [.. model.Steps.Reverse().Select(s => Of(s, inverse: true))];

    private static Instruction Of(Step step, bool inverse) => step switch
    {
        MapStep map => Of(map, Primitives.All[map.Primitive], inverse),
        MoveStep move when inverse => new Move(
            move.Receiver, move.Inverse, [.. move.Outputs], [.. move.Inputs], [.. move.InverseArguments], move.ChangesRank),
        MoveStep move => new Move(move.Receiver, move.Method, [.. move.Inputs], [.. move.Outputs], [.. move.Arguments], move.ChangesRank),
        ApplyStep apply when inverse => new Run(apply.Bijector, apply.Output, apply.Input, apply.Context, !apply.Inverse),
        ApplyStep apply => new Run(apply.Bijector, apply.Input, apply.Output, apply.Context, apply.Inverse),
        _ => throw new ArgumentException($"Unknown step {step}."),
    };

    private static Compute Of(MapStep map, Primitive row, bool inverse)
    {
        // log|dx/dy| = -log|dy/dx|; a leading minus in the table and the direction each flip the sign of the term.
        var negative = row.LogSlope?.StartsWith("-", StringComparison.Ordinal) == true;
        return new(
            inverse ? row.Inverse : row.Forward, map.Input, map.Output, MakesY: !inverse, [.. map.Operands],
            negative ? row.LogSlope!.Substring(1) : row.LogSlope, negative != inverse);
    }
}
