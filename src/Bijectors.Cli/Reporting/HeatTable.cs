using System.Globalization;
using System.Net;
using System.Text;

namespace Bijectors.Cli;

/// <summary>
/// Numbers of layers over a run as an inline SVG: a row for each layer, a column for each look, the deeper in colour
/// the larger. Its colours come from the page's style, and each cell tells its number where it is pointed at.
/// </summary>
internal static class HeatTable
{
    private const double Width = 640;
    private const double Names = 210;
    private const double Line = 15;
    private const double Head = 22;
    private const int LongestName = 34;

    /// <summary>Draws a table.</summary>
    /// <param name="title">What the numbers are.</param>
    /// <param name="steps">The step of each column.</param>
    /// <param name="rows">The name of each layer and its numbers; what is not known is NaN.</param>
    /// <param name="shade">How deep a number is coloured, 0 to 1.</param>
    /// <param name="series">Which of the page's colours.</param>
    public static string Draw(
        string title, IReadOnlyList<long> steps, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> rows,
        Func<double, double> shade, int series)
    {
        var svg = new StringBuilder();
        var height = Head + Line * rows.Count + 6;
        var cell = (Width - Names) / Math.Max(1, steps.Count);
        svg.Append(Invariant($"<svg class=\"chart heat\" viewBox=\"0 0 {Width} {height}\" "));
        svg.Append(Invariant($"role=\"img\" aria-label=\"{Escape(title)}\">"));
        svg.Append(Invariant($"<text x=\"0\" y=\"14\">{Escape(title)}</text>"));
        svg.Append(Invariant($"<text x=\"{Names}\" y=\"14\">step {steps.FirstOrDefault():N0}</text>"));
        svg.Append(Invariant($"<text class=\"end\" x=\"{Width}\" y=\"14\">{steps.LastOrDefault():N0}</text>"));
        for (var i = 0; i < rows.Count; i++)
        {
            var y = Head + Line * i;
            svg.Append(Invariant($"<text x=\"0\" y=\"{y + 11}\">{Escape(Short(rows[i].Name))}</text>"));
            for (var j = 0; j < steps.Count; j++)
            {
                var value = rows[i].Values[j];
                var depth = double.IsNaN(value) ? 0 : Math.Round(Math.Clamp(shade(value), 0.03, 1), 3);
                svg.Append(CultureInfo.InvariantCulture, $"<rect style=\"fill:var(--series-{series})\" ");
                svg.Append(Invariant($"x=\"{Round(Names + cell * j)}\" y=\"{y}\" width=\"{Round(cell - 1)}\" "));
                svg.Append(Invariant($"height=\"{Line - 1}\" fill-opacity=\"{depth}\">"));
                svg.Append(Invariant($"<title>{Escape(rows[i].Name)}, step {steps[j]:N0}: {Text(value)}</title>"));
                svg.Append("</rect>");
            }
        }

        return svg.Append("</svg>").ToString();
    }

    private static string Text(double value) => double.IsNaN(value) ? "not known" : Numbers.Plain(value);

    private static string Short(string name) => name.Length <= LongestName ? name : $"{name[..(LongestName - 1)]}…";

    private static double Round(double x) => Math.Round(x, 2);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
