using Bijectors.Generators.Invert;

namespace Bijectors.Generators.Emit;

/// <summary>Writes maps that are rows of the table, each with its log-slope.</summary>
internal sealed class ComputeEmitter(ForwardModel model, ValueWriter values, Lines lines, LogDetWriter logDet)
{
    private readonly Overwriting _overwriting = new(model, logDet.IsOn);

    // Where the elementwise maps that led to a part began: all parts on the way have its number of elements.
    private readonly Dictionary<int, int> _chains = [];

    /// <summary>Whether a map had a tensor for an operand, which could broadcast the point to a larger shape.</summary>
    public bool HaveTensors { get; private set; }

    /// <summary>
    /// Writes a map alone, without its log-slope; <paramref name="name"/> gives the result its variable.
    /// </summary>
    public void Write(Compute map, Func<string, string> name) =>
        Make(map, Filled(map, map.Template, Operand(map)), name);

    /// <summary>Writes a map and its log-slope, over the memory of its point where it may be.</summary>
    /// <param name="before">The instructions before it in the same block.</param>
    /// <param name="map">The map.</param>
    /// <param name="name">Gives the result its variable.</param>
    public void Write(IEnumerable<Instruction> before, Compute map, Func<string, string> name)
    {
        // y / exp(-u) is y exp(u).
        var reciprocal = map.UndoesProduct ? values.ReciprocalOf(map.Operands[0]) : null;
        if (reciprocal is not null)
        {
            map = map.ByReciprocal();
        }

        var operand = reciprocal ?? Operand(map);
        var text = Filled(map, map.Template, operand);
        if (_overwriting.Of(before, map) is not { } template)
        {
            Make(map, text, name);
            AddSlope(map, map.X);
            return;
        }

        // A log-slope at the point is taken before the point is written over.
        var point = map.MakesY ? map.X : map.Y;
        var slopeIsFirst = map.Slope?.Contains(map.MakesY ? "{x}" : "{y}") == true;
        if (slopeIsFirst)
        {
            AddSlope(map, point);
        }

        var inPlace = Filled(map, template, operand);
        Make(map, HasTensor(map)
            ? $"{Expressions.Services}Temporaries.CanOverwrite({values[point]}, {operand}) ? {inPlace} : {text}"
            : $"{values[point]}.requires_grad ? {text} : {inPlace}", name);
        if (!slopeIsFirst)
        {
            AddSlope(map, map.X);
        }
    }

    /// <summary>
    /// Adds the log-slope of a map; <paramref name="point"/> is the part whose shape it is summed over.
    /// </summary>
    public void AddSlope(Compute map, int point)
    {
        var (from, made) = map.MakesY ? (map.X, map.Y) : (map.Y, map.X);
        var chain = _chains[made] = _chains.TryGetValue(from, out var start) ? start : from;
        var (slope, subtracted) = logDet.Slope(map);
        logDet.Add(slope, values[point], subtracted, chain, isTemporary: map.Slope is not ("{l}" or "{x}" or "{y}"));
    }

    private void Make(Compute map, string text, Func<string, string> name)
    {
        HaveTensors |= HasTensor(map);
        var made = map.MakesY ? map.Y : map.X;
        values[made] = name(model.PartNames[made]);
        lines.Declare(values[made], text);
    }

    private string Filled(Compute map, string template, string operand) =>
        Template.Fill(template, model.Torch, hole => hole switch
        {
            "k" => operand,
            "x" => values[map.X],
            "y" => values[map.Y],
            _ => throw new ArgumentException($"Unknown hole '{hole}' in '{template}'."),
        });

    private string Operand(Compute map) => map.Operands.Count > 0 ? values.Inline(map.Operands[0]) : "";

    private bool HasTensor(Compute map) =>
        map.Operands.Count > 0 && model.Values[map.Operands[0]].Kind == ValueKind.Tensor;
}
