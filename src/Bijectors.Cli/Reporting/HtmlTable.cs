namespace Bijectors.Cli;

/// <summary>
/// A table of a page. On a narrow one each row becomes a list in which the name of the column stands before the cell;
/// the roles say that it is a table there too.
/// </summary>
/// <param name="Caption">What it shows; read aloud and not seen, as a heading stands above it.</param>
/// <param name="Columns">The names of the columns; the first holds the names of the rows.</param>
/// <param name="Rows">The rows.</param>
internal sealed record HtmlTable(string Caption, IReadOnlyList<string> Columns, IReadOnlyList<HtmlTable.Row> Rows)
{
    public Html Draw() => Html.Of(
        $"""
        <div class="scroll" role="region" aria-label="{Caption}" tabindex="0">
        <table role="table">
        <caption>{Caption}</caption>
        <thead role="rowgroup"><tr role="row">{Html.Each(Columns, Head)}</tr></thead>
        <tbody role="rowgroup">
        {Html.Each(Rows, Draw)}
        </tbody>
        </table>
        </div>
        """);

    private static Html Head(string column) => Html.Of($"<th role=\"columnheader\" scope=\"col\">{column}</th>");

    private Html Draw(Row row)
    {
        var remarks = row.Remarks.Length == 0 ? Html.None : Html.Of($"<small>{row.Remarks}</small>");
        var cells = Html.Each(row.Cells.Zip(Columns.Skip(1)), cell => Cell(cell.First, cell.Second));
        return Html.Of(
            $"""
            <tr role="row" class="{row.Kind}"><th role="rowheader" scope="row">{row.Name}{remarks}</th>
            {cells}</tr>
            """);
    }

    private static Html Cell(Html cell, string column) => cell.Text.Length == 0
        ? Html.Of($"<td role=\"cell\"></td>")
        : Html.Of($"<td role=\"cell\" data-label=\"{column}\">{cell}</td>");

    /// <summary>A row.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Cells">Its cells, without the name.</param>
    internal sealed record Row(string Name, IReadOnlyList<Html> Cells)
    {
        public Row(string name, IEnumerable<string> cells)
            : this(name, [.. cells.Select(cell => Html.Of($"{cell}"))])
        {
        }

        /// <summary>What stands below the name.</summary>
        public string Remarks { get; init; } = "";

        /// <summary>How the row is shown: a class of <see cref="ReportStyle"/>.</summary>
        public string Kind { get; init; } = "";
    }
}
