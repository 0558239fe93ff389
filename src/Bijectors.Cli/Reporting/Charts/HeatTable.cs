namespace Bijectors.Cli;

/// <summary>
/// Numbers of layers over a run as a table: a row for each layer, a column for each snapshot, the deeper in colour the
/// larger. Its colours come from the page's style.
/// </summary>
internal static class HeatTable
{
    /// <summary>Draws a table.</summary>
    /// <param name="title">What the numbers are.</param>
    /// <param name="steps">The step of each column.</param>
    /// <param name="rows">The name of each layer and its numbers; what is not known is NaN.</param>
    /// <param name="shade">How deep a number is coloured, 0 to 1.</param>
    /// <param name="series">Which of the page's colours.</param>
    public static Html Draw(
        string title, IReadOnlyList<long> steps, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> rows,
        Func<double, double> shade, int series)
    {
        return Html.Of(
            $"""
            <div class="scroll" role="region" aria-label="{title}" tabindex="0">
            <table class="heat" style="--heat: var(--series-{series})">
            <caption>{title}</caption>
            <thead><tr><th scope="col">step</th>{Html.Each(steps, Head)}</tr></thead>
            <tbody>
            {Html.Each(rows, Row)}
            </tbody>
            </table>
            </div>
            """);

        Html Head(long step) => Html.Of($"<th scope=\"col\">{step:N0}</th>");

        Html Row((string Name, IReadOnlyList<double> Values) row) => Html.Of(
            $"<tr><th scope=\"row\">{row.Name}</th>{Html.Each(row.Values, Cell)}</tr>");

        Html Cell(double value) => double.IsNaN(value)
            ? Html.Of($"<td>not known</td>")
            : Html.Of($"<td style=\"--depth: {Percent(shade(value)):0}%\">{value:G3}</td>");
    }

    // A deeper colour would hide the number.
    private static double Percent(double depth) => 45 * Math.Clamp(depth, 0.03, 1);
}
