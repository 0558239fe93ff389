using Bijectors.Generators.Invert;

namespace Bijectors.Generators.Emit;

/// <summary><c>y = x exp(s) + t</c> or its inverse: two instructions that Core has one function for.</summary>
/// <param name="X">The part x.</param>
/// <param name="Y">The part y.</param>
/// <param name="MakesY">Whether it is y that is made.</param>
/// <param name="LogScale">The value s.</param>
/// <param name="Shift">The value t.</param>
/// <param name="Scaling">The multiplication, with its log-slope.</param>
internal sealed record ScaleShift(int X, int Y, bool MakesY, int LogScale, int Shift, Compute Scaling)
{
    /// <summary>The pair that two instructions are, one after the other; null where they are none.</summary>
    public static ScaleShift? Of(ForwardModel model, Compute first, Instruction next)
    {
        if (next is not Compute second || first.MakesY != second.MakesY)
        {
            return null;
        }

        var (scaling, shift) = first.MakesY ? (first, second) : (second, first);
        var isPair = scaling.Row.Arithmetic == ArithmeticKind.Product && shift.Row.Arithmetic == ArithmeticKind.Sum;
        if (!isPair || scaling.Y != shift.X || model.Values[shift.Operands[0]].Kind != ValueKind.Tensor
            || model.Values[scaling.Operands[0]] is not Call { Function: "exp", Kind: ValueKind.Tensor } scale)
        {
            return null;
        }

        // What stands between the two has no name then: nothing else may read it.
        return model.Values.OfType<PartRead>().Any(r => r.Part == scaling.Y) ? null
            : new(scaling.X, shift.Y, first.MakesY, scale.Operands[0], shift.Operands[0], scaling);
    }
}
