using Bijectors.Generators.Invert;

namespace Bijectors.Generators.Emit;

/// <summary>Writes sums with contractions, and their inverses by iteration.</summary>
internal sealed class ContractionEmitter(ForwardModel model, ValueWriter values, Lines lines, LogDetWriter logDet)
{
    private const string Core = Expressions.Services + "Contraction.";

    /// <summary>
    /// A sum with a contraction. The Jacobian of the contraction is taken at x in both directions; forward, one
    /// evaluation gives it and the sum.
    /// </summary>
    public void Write(Contract sum, string made)
    {
        var call = (Call)model.Values[sum.Step.Term];
        var part = call.Operands[call.Promise!.Argument];
        var h = values.Fresh("h");
        var term = $"{h} => {Expressions.Join(call, o => o == part ? h : values.Inline(o))}";
        var estimator = sum.Step.Estimator is { } e ? ", " + e : "";
        if (!sum.MakesY)
        {
            var y = values[sum.Step.Output];
            lines.Declare(made,
                $"{Core}Solve(this, {y}, {logDet.OwnRankOf(y)}, {term}, {Numbers.Literal(sum.Step.Constant)})");
            if (logDet.IsOn)
            {
                var point = values[sum.Step.Input];
                logDet.AddOwn(
                    $"{Core}LogDet({term}, {point}, {logDet.OwnRankOf(point)}{estimator})", point, subtracted: true);
            }

            return;
        }

        var x = values[sum.Step.Input];
        if (logDet.IsOn)
        {
            var ofSum = values.Fresh("ofSum");
            lines.Add($"var ({made}, {ofSum}) = {Core}MapWithLogDet({term}, {x}, {logDet.OwnRankOf(x)}{estimator});");
            logDet.AddOwn(ofSum, x, subtracted: false);
            return;
        }

        var t = values.Fresh("t");
        lines.Declare(t, Expressions.Join(call, o => o == part ? x : values.Inline(o)));
        lines.Declare(made, $"{x} + {t}");
    }
}
