using Bijectors.Generators.Invert;

namespace Bijectors.Generators.Emit;

/// <summary>
/// Causal maps that Core can undo for all entries at once: <c>y = x exp(scale(s)) + t</c> or
/// <c>y = (x - t) exp(-scale(s))</c>, where (s, t) is the pair that the method <c>ScaleAndShift</c> gives.
/// </summary>
internal static class CausalScaleShift
{
    private const string Method = "ScaleAndShift";

    /// <summary>
    /// The arguments of the call that undoes the maps; null where they are none of the two, or read anything else.
    /// </summary>
    public static string? Of(ForwardModel model, SolveCausal solve, int call)
    {
        if (solve.Inverse is not [Compute one, Compute other] || ((Call)model.Values[call])
            .Promise is not CausalPromise { Method: Method })
        {
            return null;
        }

        bool IsShift(Compute map) => IsItem(model, map.Operands[0], call, 1);
        if (one.UndoesSum && other.UndoesProduct && IsShift(one) && Exponent(model, other.Operands[0]) is { } exponent)
        {
            return Scale(model, exponent, call);
        }

        return one.UndoesProduct && other.UndoesDifference && IsShift(other)
            && Exponent(model, one.Operands[0]) is { } negated
            && model.Values[negated] is Call { Function: "neg" } minus
                && Scale(model, minus.Operands[0], call) is { } scale
            ? scale + ", inverse: true" : null;
    }

    /// <summary>What a value is the exponential of.</summary>
    private static int? Exponent(ForwardModel model, int value) =>
        model.Values[value] is Call { Function: "exp", Kind: ValueKind.Tensor } exp ? exp.Operands[0] : null;

    /// <summary>The scale map that makes a value of the first item: one of Core's, or none.</summary>
    private static string? Scale(ForwardModel model, int value, int call)
    {
        if (IsItem(model, value, call, 0))
        {
            return "global::Bijectors.ScaleMap.Exponential";
        }

        return model.Values[value] is Call { Promise: ElementwisePromise { ScaleMap: { } map }, Operands: [var of] }
            && IsItem(model, of, call, 0) ? map : null;
    }

    private static bool IsItem(ForwardModel model, int value, int call, int index) =>
        model.Values[value] is Item { Count: 2 } item && item.Tuple == call && item.Index == index;
}
