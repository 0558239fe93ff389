using Bijectors.Cli;

namespace Bijectors.Interactive;

/// <summary>What values are shown by: paragraphs and tables, of text that is escaped.</summary>
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
    /// <param name="pieces">One below the other.</param>
    public static Html Block(params IEnumerable<Html> pieces) =>
        Html.Of($"<div class=\"bijectors\">{new Html(Style)}{Html.Join(pieces)}</div>");

    /// <summary>A paragraph.</summary>
    /// <param name="text">Its text.</param>
    public static Html Line(string text) => Html.Of($"<p>{text}</p>");

    /// <summary>A table.</summary>
    /// <param name="head">The titles of the columns.</param>
    /// <param name="rows">The cells of each row.</param>
    public static Html Table(IEnumerable<string> head, IEnumerable<IEnumerable<string>> rows)
    {
        var titles = Row(head, title => Html.Of($"<th>{title}</th>"));
        var body = Html.Each(rows, row => Row(row, text => Html.Of($"<td>{text}</td>")));
        return Html.Of($"<table><thead>{titles}</thead><tbody>{body}</tbody></table>");
    }

    private static Html Row(IEnumerable<string> texts, Func<string, Html> cell) =>
        Html.Of($"<tr>{new Html(string.Concat(texts.Select(cell)))}</tr>");
}
