namespace Bijectors.Cli;

/// <summary>
/// The columns of a table, of data and of samples, as an inline SVG: for each column two boxes one above the other,
/// thin from the 5 % to the 95 % quantile, thick from 25 % to 75 %, with a mark at the median. Each column has a scale
/// of its own, on which the 5 % and the 95 % quantile of the data are two straight lines.
/// </summary>
internal static class BandChart
{
    private const double Width = 640;
    private const double Names = 170;
    private const double Right = Width - 12;
    private const double Line = 40;
    private const double Head = 32;
    private const int LongestName = 22;

    // How far the scale reaches beyond the two quantiles of the data, as a share of what lies between.
    private const double Margin = 0.35;

    /// <summary>Draws the chart.</summary>
    /// <param name="title">Whose samples they are.</param>
    /// <param name="columns">The columns: name, quantiles of the data, quantiles of the samples.</param>
    public static Html Draw(
        string title, IReadOnlyList<(string Name, ColumnQuantiles Data, ColumnQuantiles Samples)> columns)
    {
        var svg = new Svg();
        svg.Add($"<svg class=\"chart bands\" viewBox=\"0 0 {Width} {Head + Line * columns.Count + 8}\" role=\"img\" ");
        svg.Add($"aria-label=\"{title}: {string.Join(" ", columns.Select(InWords))}\">");
        foreach (var (share, name) in ((double, string)[])[(0, "5 %"), (1, "95 %")])
        {
            var x = At(share);
            svg.Add($"<text class=\"middle\" x=\"{x}\" y=\"21\">{name}</text><line class=\"grid\" x1=\"{x}\" ");
            svg.Add($"x2=\"{x}\" y1=\"{Head - 4}\" y2=\"{Head + Line * columns.Count}\"/>");
        }

        for (var i = 0; i < columns.Count; i++)
        {
            var (name, data, samples) = columns[i];
            var top = Head + Line * i;
            svg.Add($"<text x=\"0\" y=\"{top + 22}\">{Short(name)}</text>");
            Box(svg, "data", name, data, data, top + 6);
            Box(svg, "model", name, samples, data, top + 21);
        }

        svg.Add($"</svg>");
        return svg.ToHtml();
    }

    private static void Box(
        Svg svg, string kind, string name, ColumnQuantiles of, ColumnQuantiles scale, double top)
    {
        if (!of.IsFinite || !scale.IsFinite)
        {
            svg.Add($"<text x=\"{At(0)}\" y=\"{top + 10}\">not finite</text>");
            return;
        }

        double[] x = [.. of.Values.Select(value => At(scale.Place(value)))];
        svg.Add($"<g class=\"{kind}\"><title>{name}, {kind}: {of}</title>");
        Bar(x[0], x[^1], top + 4, 4, 0.5);
        Bar(x[1], x[^2], top, 12, 0.75);
        svg.Add($"<line x1=\"{x[2]}\" x2=\"{x[2]}\" y1=\"{top - 1}\" y2=\"{top + 13}\"/></g>");

        void Bar(double from, double to, double y, double height, double opacity)
        {
            svg.Add($"<rect x=\"{from}\" y=\"{y}\" width=\"{Wide(from, to)}\" height=\"{height}\" ");
            svg.Add($"fill-opacity=\"{opacity}\"/>");
        }
    }

    private static string InWords((string Name, ColumnQuantiles Data, ColumnQuantiles Samples) column) =>
        $"{column.Name}, data {column.Data}, samples {column.Samples}.";

    private static double Wide(double from, double to) => Math.Round(Math.Max(to - from, 1), 1);

    private static double At(double share) => Math.Round(
        Names + (Math.Clamp(share, -Margin, 1 + Margin) + Margin) / (1 + 2 * Margin) * (Right - Names), 1);

    private static string Short(string name) => name.Length <= LongestName ? name : $"{name[..(LongestName - 1)]}…";
}
