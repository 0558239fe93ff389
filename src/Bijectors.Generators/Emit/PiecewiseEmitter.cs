using Bijectors.Generators.Invert;

namespace Bijectors.Generators.Emit;

/// <summary>
/// Writes maps of two pieces. Each piece is computed of all entries, those of the other side moved to the cut first:
/// there it is defined and has a slope, so that what is not taken has finite gradients.
/// </summary>
internal sealed class PiecewiseEmitter(
    ForwardModel model, ValueWriter values, Lines lines, LogDetWriter logDet, ComputeEmitter computes)
{
    /// <param name="pieces">The instruction.</param>
    /// <param name="name">Gives the result its variable.</param>
    public void Write(Piecewise pieces, Func<int, string> name)
    {
        var step = pieces.Step;
        var point = values[pieces.MakesY ? step.Input : step.Output];
        if (Write(pieces, point, name).LogSlope is { } slope)
        {
            logDet.Add(slope.Text, point, subtracted: false);
        }
    }

    private (string Result, Term? LogSlope) Write(Piecewise pieces, string point, Func<int, string> name)
    {
        var step = pieces.Step;
        var at = Numbers.Literal(pieces.MakesY ? step.Cut : step.Image);
        var keepsOrder = pieces.MakesY || step.IsIncreasing;
        var mask = values.Fresh("isBelow");
        lines.Declare(mask, $"{point} {(keepsOrder ? "<" : ">")}{(step.CutIsBelow ? "=" : "")} {at}");
        var below = Side(pieces, step.Below, pieces.Below, $"{point}.clamp({(keepsOrder ? "max" : "min")}: {at})");
        var above = Side(pieces, step.Above, pieces.Above, $"{point}.clamp({(keepsOrder ? "min" : "max")}: {at})");
        var made = name(pieces.MakesY ? step.Output : step.Input);
        lines.Declare(made, $"{model.Torch}.where({mask}, {below.Result}, {above.Result})");
        values[pieces.MakesY ? step.Output : step.Input] = made;
        return (made, Chosen(mask, below.LogSlope, above.LogSlope, point));
    }

    private (string Result, Term? LogSlope) Side(
        Piecewise pieces, Piece piece, IReadOnlyList<Instruction> program, string point)
    {
        var (first, last) = pieces.MakesY ? (pieces.Step.Input, piece.Output) : (piece.Output, pieces.Step.Input);
        var start = values.Fresh(model.PartNames[first]);
        lines.Declare(start, point);
        values[first] = start;
        var slopes = new List<Term>();
        foreach (var instruction in program)
        {
            if (instruction is Piecewise inner)
            {
                var from = values[inner.MakesY ? inner.Step.Input : inner.Step.Output];
                if (Write(inner, from, part => values.Fresh(model.PartNames[part])).LogSlope is { } slope)
                {
                    slopes.Add(slope);
                }

                continue;
            }

            var map = (Compute)instruction;
            computes.Write(map, values.Fresh);
            if (logDet.Slope(map) is (var (text, isNumber), var subtracted))
            {
                slopes.Add(new(text, isNumber, subtracted));
            }
        }

        return (values[last], Sum(slopes));
    }

    private static Term? Sum(IReadOnlyList<Term> terms)
    {
        if (terms.Count == 0)
        {
            return null;
        }

        // Nothing has to be negated where the first term is one that is added.
        var ordered = terms.OrderBy(t => t.IsSubtracted).ToList();
        var first = (ordered[0].IsSubtracted ? "-" : "") + Operand(ordered[0].Text);
        var others = ordered.Skip(1).Select(t => (t.IsSubtracted ? " - " : " + ") + Operand(t.Text));
        return new(first + string.Concat(others), terms.All(t => t.IsNumber));
    }

    /// <summary>An expression as an operand: brackets around all but names, calls and what has them.</summary>
    private static string Operand(string text)
    {
        var open = text.IndexOf('(');
        var (depth, end) = (0, open);
        for (; open >= 0 && end < text.Length; end++)
        {
            depth += text[end] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0)
            {
                break;
            }
        }

        var isCall = open >= 0 && end == text.Length - 1;
        return isCall && text.Substring(0, open) is var name && Expressions.Bracket(name) == name ? text
            : Expressions.Bracket(text);
    }

    private static Term? Chosen(string mask, Term? below, Term? above, string point)
    {
        const string LogSlope = "global::Bijectors.Piecewise.LogSlope";
        if (below is null && above is null)
        {
            return null;
        }

        var (one, other) = (below ?? new("0", IsNumber: true), above ?? new("0", IsNumber: true));
        var like = one.IsNumber && other.IsNumber ? ", " + point : "";
        return new($"{LogSlope}({mask}, {one.Text}, {other.Text}{like})", IsNumber: false);
    }

    /// <summary>A log-slope in C#: a number, or one for each entry.</summary>
    private sealed record Term(string Text, bool IsNumber, bool IsSubtracted = false);
}
