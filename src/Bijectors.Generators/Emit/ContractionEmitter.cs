using Bijectors.Generators.Invert;

namespace Bijectors.Generators.Emit;

/// <summary>Writes sums with contractions, and their inverses by iteration.</summary>
internal sealed class ContractionEmitter(ForwardModel model, ValueWriter values, Lines lines, LogDetWriter logDet)
{
    private const string Core = Expressions.Services + "Contraction.";

    /// <summary>A sum with a contraction. The Jacobian of the contraction is taken at x in both directions.</summary>
    public void Write(Contract sum, string made)
    {
        var call = (Call)model.Values[sum.Step.Term];
        var part = call.Operands[call.Promise!.Argument];
        var h = values.Fresh("h");
        var term = Expressions.Join(call, o => o == part ? h : values.Inline(o));
        if (sum.MakesY)
        {
            var x = values[sum.Step.Input];
            var t = values.Fresh("t");
            lines.Declare(t, Expressions.Join(call, o => o == part ? x : values.Inline(o)));
            lines.Declare(made, $"{x} + {t}");
        }
        else
        {
            lines.Declare(made,
                $"{Core}Solve(this, {values[sum.Step.Output]}, {logDet.OwnRankOf(values[sum.Step.Output])}, "
                + $"{h} => {term}, {Numbers.Literal(sum.Step.Constant)})");
        }

        if (logDet.IsOn)
        {
            var point = values[sum.Step.Input];
            var estimator = sum.Step.Estimator is { } e ? ", " + e : "";
            logDet.AddOwn($"{Core}LogDet({h} => {term}, {point}, {logDet.OwnRankOf(point)}{estimator})", point,
                subtracted: !sum.MakesY);
        }
    }
}
