using Bijectors.Generators.Invert;

namespace Bijectors.Generators.Emit;

/// <summary>Writes one of several maps that are undone together, without its log-slope.</summary>
internal sealed class RowWriter(
    ForwardModel model, ValueWriter values, FunctionEmitter functions, ComputeEmitter computes)
{
    /// <summary>
    /// The operands that a map is computed with, and how many dimensions each has behind those of the part.
    /// </summary>
    public static IEnumerable<(int Value, int Trailing)> Uses(Instruction row) => row switch
    {
        Compute map => map.Operands.Take(1).Select(o => (o, 0)),
        Evaluate map => map.Operands.Select((o, i) => (o, i < map.Trailing.Count ? map.Trailing[i] : 0)),
        _ => throw new ArgumentException($"Unknown row {row}."),
    };

    /// <summary>What those are called here.</summary>
    public IReadOnlyList<string> Operands(Instruction row) => [.. Uses(row).Select(u => values.Reference(u.Value))];

    /// <summary>Writes a map, under a name of its own.</summary>
    public void Write(Instruction row, IReadOnlyList<string> operands)
    {
        switch (row)
        {
            case Compute map:
                computes.Write(map, values.Fresh);
                break;
            case Evaluate map:
                var part = map.MakesY ? map.Y : map.X;
                var made = values.Fresh(model.PartNames[part]);
                functions.WriteMap(map, operands, made);
                values[part] = made;
                break;
        }
    }
}
