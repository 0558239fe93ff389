using System.Globalization;
using Bijectors.Cli;

namespace Bijectors.Interactive;

/// <summary>A flow as the table of its layers, from the data to the base.</summary>
internal static class FlowHtml
{
    /// <summary>The table; nested layers are indented.</summary>
    /// <param name="flow">The flow.</param>
    public static Html Of(Flow flow)
    {
        var rows = new List<string[]>
        {
            new[]
            {
                "data", $"{flow.EventShape}", "",
                flow.Levels is { } levels ? $"levels 0..{levels - 1}" : $"{flow.Support}",
            },
        };
        if (flow.ContextShape is { } context)
        {
            rows.Add(["context", $"{context}", "", ""]);
        }

        rows.AddRange(flow.DescriptionLines().Select(line => new[]
        {
            line.Name, $"{line.Output}", line.Parameters == 0 ? "" : Number(line.Parameters), line.Facts,
        }));
        rows.Add(["total", $"{flow.EventShape.Size} dimensions", Number(flow.ParameterCount), ""]);
        return Markup.Block(Markup.Table(["layer", "output", "parameters", "facts"], rows));
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
