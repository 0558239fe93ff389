using Bijectors.Generators.Analyse;
using Bijectors.Generators.Invert;

namespace Bijectors.Generators.Emit;

/// <summary>Writes maps of the entries that a mask does not keep.</summary>
internal sealed class MaskedEmitter(
    ForwardModel model, ValueWriter values, Lines lines, LogDetWriter logDet, FunctionEmitter functions, RowWriter rows)
{
    private const string Masked = Expressions.Services + "Masked.";

    // Rows that are defined everywhere with a slope that is finite everywhere: what is kept can do no harm in them.
    private static readonly HashSet<string> s_harmless = ["x+", "+x", "x-", "-x", "x*", "*x", "x/", "neg"];

    /// <param name="masked">The maps.</param>
    /// <param name="name">Gives a part its variable.</param>
    public void Write(MaskedRows masked, Func<int, string> name)
    {
        var step = masked.Step;
        var (given, made) = masked.MakesY ? (step.Input, step.Output) : (step.Output, step.Input);
        var last = step.Maps[step.Maps.Count - 1].Output;
        var whole = values[given];

        // What is conditioned on is the same in both directions: what the mask keeps of the part.
        values[step.Input] = whole;
        foreach (var value in masked.Operands().SelectMany(o => model.Values.Closure(o)).Distinct()
            .Where(v => model.Values.MaskOf(v, step.Input) == step.Kept))
        {
            values.Reference(value);
        }

        var operands = masked.Forward.Select(rows.Operands).ToList();
        var kept = values.Fresh("kept");
        lines.Declare(kept, $"{Masked}Kept({values.Reference(step.Kept)})");
        var point = Guarded(masked, kept, whole, operands, last);
        values[masked.MakesY ? step.Input : last] = point;
        var count = masked.Forward.Count;
        for (var i = 0; i < count; i++)
        {
            rows.Write((masked.MakesY ? masked.Forward : masked.Inverse)[i],
                operands[masked.MakesY ? i : count - 1 - i]);
        }

        if (logDet.IsOn)
        {
            for (var i = 0; i < count; i++)
            {
                AddSlope(masked.Forward[i], operands[i], kept, whole, step.Input, !masked.MakesY);
            }
        }

        var inside = values[masked.MakesY ? last : step.Input];
        values[step.Input] = whole;
        var result = name(made);
        lines.Declare(result, $"{model.Torch}.where({kept}, {whole}, {inside})");
    }

    /// <summary>The point with something harmless in the place of what is kept.</summary>
    private string Guarded(
        MaskedRows masked, string kept, string whole, IReadOnlyList<IReadOnlyList<string>> operands, int last)
    {
        if (masked.Step.Maps.All(m => m is MapStep map && s_harmless.Contains(map.Primitive)))
        {
            return whole;
        }

        var number = Numbers.Literal(Domains.Of(model).PointOf(masked.Step.Input, masked.Step.Maps));
        var guarded = values.Fresh(model.PartNames[masked.Step.Input]);
        if (masked.MakesY)
        {
            lines.Declare(guarded, $"{Masked}StandIn({kept}, {whole}, {number})");
            return guarded;
        }

        var h = values.Fresh("h");
        lines.Open($"var {guarded} = {Masked}StandIn({kept}, {whole}, {number}, {h} =>");
        values.Enter();
        values[masked.Step.Input] = h;
        for (var i = 0; i < masked.Forward.Count; i++)
        {
            rows.Write(masked.Forward[i], operands[i]);
        }

        lines.Add($"return {values[last]};");
        values.Leave();
        lines.Close("});");
        return guarded;
    }

    private void AddSlope(
        Instruction row, IReadOnlyList<string> operands, string kept, string whole, int chain, bool subtracted)
    {
        ((string Term, bool IsNumber)? Slope, bool Subtracted) slope = row switch
        {
            // The sign of a slope that is taken backwards is the same for all of the step.
            Compute map => logDet.Slope(map),
            Evaluate map => ((functions.Slope(map, operands), false), false),
            _ => throw new ArgumentException($"Unknown row {row}."),
        };
        if (slope.Slope is var (term, isNumber))
        {
            var text = isNumber ? $"{Masked}LogSlope({kept}, {term}, {whole})" : $"{Masked}LogSlope({kept}, {term})";
            logDet.Add((text, false), whole, slope.Subtracted != subtracted, chain, isTemporary: true);
        }
    }
}
