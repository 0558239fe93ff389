using System.Globalization;

namespace Bijectors;

/// <summary>A flow as an aligned text table.</summary>
internal static class FlowTable
{
    private static readonly string[] Head = ["layer", "output", "parameters", "facts"];

    /// <summary>The table.</summary>
    public static string Of(Flow flow)
    {
        var rows = new List<string[]> { Head };
        var support = flow.Levels is { } levels ? $"levels 0..{levels - 1}" : flow.Support.ToString()!;
        rows.Add(["data", flow.EventShape.ToString(), "", support]);
        if (flow.ContextShape is { } context)
        {
            rows.Add(["context", context.ToString(), "", ""]);
        }

        rows.AddRange(flow.DescriptionLines().Select(line => new[]
        {
            line.Name, line.Output.ToString(), line.Parameters == 0 ? "" : Number(line.Parameters), line.Facts,
        }));
        rows.Add(["total", $"{flow.EventShape.Size} dimensions", Number(flow.ParameterCount), ""]);

        var widths = Enumerable.Range(0, Head.Length).Select(i => rows.Max(row => row[i].Length)).ToArray();
        var lines = rows.Select(row => string.Join(
            "  ", row[0].PadRight(widths[0]), row[1].PadRight(widths[1]), row[2].PadLeft(widths[2]), row[3]).TrimEnd());
        var rule = string.Join("  ", widths.Select(width => new string('-', width)));
        return string.Join('\n', [lines.First(), rule, .. lines.Skip(1)]) + "\n";
    }

    /// <summary>The lines of a bijector, and of those inside it.</summary>
    public static IEnumerable<DescriptionLine> Lines(Bijector f, Shape input)
    {
        var lines = new List<DescriptionLine>();
        Add(lines, f, input, 0);
        return lines;
    }

    /// <summary>Adds the lines of a bijector.</summary>
    /// <returns>The shape that comes out.</returns>
    private static Shape Add(List<DescriptionLine> lines, Bijector f, Shape input, int depth)
    {
        if (f.IsSequence)
        {
            return Layering.Layers(f).Aggregate(input, (shape, layer) => Add(lines, layer, shape, depth));
        }

        var line = DescriptionLine.Of(f, f.OutputShape(input), Facts(f));
        lines.Add(line with { Name = new string(' ', 2 * depth) + line.Name });
        AddInside(lines, f, input, depth + 1);
        return line.Output;
    }

    /// <summary>Adds the lines of the bijectors inside one; an inverse says by its name what is inside.</summary>
    private static void AddInside(List<DescriptionLine> lines, Bijector f, Shape shape, int depth)
    {
        foreach (var stage in Structure.InverseOf(f) is null ? f.Stages : [])
        {
            var parts = stage.IsOwn ? [] : stage.From.Apart(shape);
            for (var i = 0; i < Math.Min(parts.Count, stage.Children.Count); i++)
            {
                if (stage.Children[i] is { } child)
                {
                    Add(lines, stage.IsInverse ? Inverted.Of(child) : child, parts[i], depth);
                }
            }

            shape = stage.IsFormula ? shape : stage.OutputShape(shape);
        }
    }

    private static string Facts(Bijector f) => string.Join(", ", Known(f));

    private static IEnumerable<string> Known(Bijector f)
    {
        if (f.IsVolumePreserving || f.HasConstantJacobian)
        {
            yield return f.IsVolumePreserving ? "volume preserving" : "constant Jacobian";
        }

        if (f.HasRandomLogDet)
        {
            yield return "log-det estimated";
        }

        if (f.Tolerance > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"inverse to {f.Tolerance:0.#e0}");
        }
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
