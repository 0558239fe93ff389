using Bijectors.Generators.Invert;
using Bijectors.Generators.Model;

namespace Bijectors.Generators.Emit;

/// <summary>Writes the shape rule: the same program on shapes, where maps change nothing and re-indexings have twins.</summary>
internal static class ShapeEmitter
{
    private const string Nested = "global::Bijectors.Nested.";

    public static IReadOnlyList<string> Emit(ForwardModel model, bool inverse)
    {
        var shapes = new Dictionary<int, string>();
        var lines = new List<string>();
        var count = 0;
        var names = new FixedNames(model);
        string New() => names.Free($"shape{++count}");

        var (first, last) = inverse ? (model.Output, model.Input) : (model.Input, model.Output);
        shapes[first] = inverse ? names.Output : names.Input;
        foreach (var instruction in inverse ? Inverter.Inverse(model) : Inverter.Forward(model))
        {
            var operands = instruction switch { Compute c => c.Operands, Run { Context: { } c } => [c], _ => [] };
            foreach (var check in operands.SelectMany(o => Checks(model, o, shapes)).Where(c => !lines.Contains(c)))
            {
                lines.Add(check);
            }

            switch (instruction)
            {
                case Compute compute:
                    shapes[compute.MakesY ? compute.Y : compute.X] = shapes[compute.MakesY ? compute.X : compute.Y];
                    break;
                case Run run:
                    shapes[run.Output] = New();
                    lines.Add($"var {shapes[run.Output]} = {Nested}{(run.Inverse ? "InputShape" : "OutputShape")}(this, {Expressions.Full(model, run.Bijector)}, {shapes[run.Input]});");
                    break;
                case Move move:
                    var arguments = move.Inputs.Select(i => shapes[i]).Concat(move.Arguments.Select(a => Expressions.Full(model, a)));
                    var outputs = move.Outputs.Select(o => shapes[o] = New()).ToList();
                    var target = outputs.Count == 1 ? outputs[0] : $"({string.Join(", ", outputs)})";
                    lines.Add($"var {target} = {Expressions.Bracket(Expressions.Full(model, move.Receiver))}.{move.Method}({string.Join(", ", arguments)});");
                    break;
            }
        }

        lines.Add($"return {shapes[last]};");
        return lines;
    }

    /// <summary>A network that cannot read the part it is given says so when the shapes are checked, not when it runs.</summary>
    private static IEnumerable<string> Checks(ForwardModel model, int value, IReadOnlyDictionary<int, string> shapes) => model.Values[value] switch
    {
        Item item => Checks(model, item.Tuple, shapes),
        Call { Conditioner: { } net } call when call.Operands.Count > 0 && model.Values[call.Operands[0]] is PartRead read => [$"_ = {Nested}OutputShape(this, {net}, {shapes[read.Part]});"],
        Call call => call.Operands.SelectMany(o => Checks(model, o, shapes)).Distinct(),
        _ => [],
    };
}
