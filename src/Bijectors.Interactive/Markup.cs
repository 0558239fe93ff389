using System.Net;
using System.Text;

namespace Bijectors.Interactive;

/// <summary>Pieces of HTML; whoever calls gives text, which is encoded here.</summary>
internal static class Markup
{
    // Text is the notebook's own colour, so that the output fits light and dark; lines are of colours that both carry.
    private const string Style =
        """
        <style>
        .bijectors { --series-0: #3b76d9; --series-1: #d1662f; --card: transparent; }
        .bijectors table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 0.4em 0; }
        .bijectors th, .bijectors td { text-align: right; padding: 2px 10px; white-space: pre; }
        .bijectors th:first-child, .bijectors td:first-child { text-align: left; }
        .bijectors th { border-bottom: 1px solid currentColor; font-weight: 600; }
        .bijectors svg.chart { max-width: 640px; display: block; }
        .bijectors svg text { fill: currentColor; font-size: 12px; }
        .bijectors .end { text-anchor: end; }
        .bijectors .middle { text-anchor: middle; }
        .bijectors .grid { stroke: currentColor; stroke-opacity: 0.15; }
        .bijectors polyline { fill: none; stroke-width: 2; }
        .bijectors .bar { fill: var(--series-0); }
        .bijectors .legend { display: flex; gap: 18px; list-style: none; padding: 0; }
        .bijectors .legend svg { width: 24px; height: 6px; }
        .bijectors .legend line { stroke-width: 2.5; }
        .bijectors img { image-rendering: pixelated; display: block; }
        </style>
        """;

    /// <summary>All that one value is shown by.</summary>
    /// <param name="pieces">Pieces of HTML, one below the other.</param>
    public static string Block(params ReadOnlySpan<string> pieces)
    {
        var html = new StringBuilder("<div class=\"bijectors\">").Append(Style);
        foreach (var piece in pieces)
        {
            html.Append(piece);
        }

        return html.Append("</div>").ToString();
    }

    /// <summary>A paragraph.</summary>
    /// <param name="text">Its text.</param>
    public static string Line(string text) => $"<p>{Text(text)}</p>";

    /// <summary>A table.</summary>
    /// <param name="head">The titles of the columns.</param>
    /// <param name="rows">The cells of each row.</param>
    public static string Table(IEnumerable<string> head, IEnumerable<IEnumerable<string>> rows)
    {
        var html = new StringBuilder("<table><thead>");
        Row(html, "th", head);
        html.Append("</thead><tbody>");
        foreach (var row in rows)
        {
            Row(html, "td", row);
        }

        return html.Append("</tbody></table>").ToString();
    }

    /// <summary>Text as it stands in HTML, also inside of quotes.</summary>
    /// <param name="text">The text.</param>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    private static void Row(StringBuilder html, string cell, IEnumerable<string> texts)
    {
        html.Append("<tr>");
        foreach (var text in texts)
        {
            html.Append('<').Append(cell).Append('>').Append(Text(text)).Append("</").Append(cell).Append('>');
        }

        html.Append("</tr>");
    }
}
