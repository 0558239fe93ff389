using System.Globalization;
using Bijectors.Generators.Invert;

namespace Bijectors.Generators.Emit;

/// <summary>Writes maps of the entries of a part together, and mixtures of two parts, with their log-dets.</summary>
internal sealed class JointEmitter(ForwardModel model, ValueWriter values, Lines lines, LogDetWriter logDet)
{
    /// <param name="map">The map or its inverse.</param>
    /// <param name="name">Gives the part that comes out its variable.</param>
    public void Write(Joint map, Func<int, string> name)
    {
        if (map.Map.Check is { } check)
        {
            lines.Add(Filled(map, check));
        }

        if (logDet.IsOn && (map.MakesY ? map.Map.ForwardWithLogDet : map.Map.InverseWithLogDet) is { } both)
        {
            var (pair, sum) = (Filled(map, both), values.Fresh("logDet"));
            lines.Add($"var ({name(map.MakesY ? map.Y : map.X)}, {sum}) = {pair};");
            logDet.AddReduced(sum, subtracted: !map.MakesY);
            return;
        }

        var text = Filled(map, map.MakesY ? map.Map.Forward : map.Map.Inverse);
        lines.Declare(name(map.MakesY ? map.Y : map.X), text);
        if (logDet.IsOn && map.Map.LogDet is { } term)
        {
            logDet.AddReduced(Filled(map, term), subtracted: !map.MakesY);
        }
    }

    /// <param name="mix">The mixture or its inverse.</param>
    /// <param name="name">Gives the parts that come out their variables.</param>
    public void Write(Mix mix, Func<int, string> name)
    {
        var step = mix.Step;
        var (from, to) = mix.MakesY ? (step.Inputs, step.Outputs) : (step.Outputs, step.Inputs);
        var (first, second) = (values[from[0]], values[from[1]]);
        var k = step.Coefficients.Select(values.Inline).ToList();
        var determinant = values.Inline(step.Determinant);
        var (made, other) = (name(to[0]), name(to[1]));
        if (mix.MakesY)
        {
            lines.Declare(made, $"{k[0]} * {first} + {k[1]} * {second}");
            lines.Declare(other, $"{k[2]} * {first} + {k[3]} * {second}");
        }
        else
        {
            lines.Declare(made, $"({k[3]} * {first} - {k[1]} * {second}) / {determinant}");
            lines.Declare(other, $"({k[0]} * {second} - {k[2]} * {first}) / {determinant}");
        }

        if (logDet.IsOn && step.LogAbs is { } slope)
        {
            logDet.Add(
                (values.Inline(slope), model.Values[slope].Kind == ValueKind.Number), values[step.Inputs[0]],
                    !mix.MakesY, step.Inputs[0]);
        }
    }

    private string Filled(Joint map, string template) => Template.Fill(template, model.Torch, hole => hole switch
    {
        "x" => values[map.X],
        "y" => values[map.Y],
        "in" => values[map.MakesY ? map.X : map.Y],
        "rank" => logDet.RankOf(values[map.MakesY ? map.X : map.Y]),
        "own" => logDet.OwnRankOf(values[map.MakesY ? map.X : map.Y]),
        "h" => Bent(map.Map, row => row.Forward),
        "slope" => Bent(map.Map, row => row.LogSlope!),
        "steepest" => map.Map.Row is { } row ? Numbers.Literal(Primitives.All[row].SteepestSlope!.Value) : "null",
        _ when hole.EndsWith("..", StringComparison.Ordinal) =>
            string.Join(", ", map.Operands.Skip(Place(hole.TrimEnd('.'))).Select(values.Reference)),
        _ => values.Inline(map.Operands[Place(hole)]),
    });

    /// <summary>A row as a function of one tensor; null where there is none.</summary>
    private string Bent(JointMap map, Func<Primitive, string> template)
    {
        if (map.Row is not { } name)
        {
            return "null";
        }

        var (row, s) = (Primitives.All[name], values.Fresh("s"));
        string Of(string text) => Template.Fill(text, model.Torch, hole => hole == "x" ? s : Of(row.Forward));
        return $"{s} => {Of(template(row))}";
    }

    private static int Place(string hole) => int.Parse(hole.Substring(1), CultureInfo.InvariantCulture);
}
