namespace Bijectors.Cli;

/// <summary>
/// Lines over two axes as an inline SVG. Its colours come from the page's style (<c>--series-0</c> and on), so it
/// follows light and dark; its text is the page's own, so it needs no font at the time of drawing.
/// </summary>
internal sealed class CurveChart
{
    private const double Width = 640;
    private const double Height = 356;
    private const double Left = 86;
    private const double Right = Width - 26;
    private const double Top = 12;
    private const double Bottom = Height - 52;
    private const int Colours = 8;

    // Lines of the same colour differ in these.
    private static readonly string[] s_dashes = ["", "8 4", "2 4"];

    private readonly IReadOnlyList<Curve> _curves;
    private readonly (double Low, double High) _x;
    private readonly (double Low, double High) _y;
    private readonly Svg _svg = new();

    private CurveChart(IReadOnlyList<Curve> curves, double? level)
    {
        _curves =
            [.. curves.Select(curve => curve with { Points = [.. curve.Points.Where(p => double.IsFinite(p.Y))] })];
        var drawn = _curves.Where(curve => curve.Points.Count > 0).ToList();
        _x = (0, drawn.Select(curve => curve.Points[^1].X).DefaultIfEmpty(1).Max());
        _y = Range(drawn, level);
    }

    /// <summary>Draws a chart, with a list of its lines below it.</summary>
    /// <param name="curves">The lines.</param>
    /// <param name="xTitle">What the horizontal axis shows.</param>
    /// <param name="yTitle">What the vertical axis shows.</param>
    /// <param name="level">A level to compare with, and its name; null for none.</param>
    public static Html Draw(
        IReadOnlyList<Curve> curves, string xTitle, string yTitle, (string Name, double Y)? level) =>
        new CurveChart(curves, level?.Y).Draw(xTitle, yTitle, level);

    private Html Draw(string xTitle, string yTitle, (string Name, double Y)? level)
    {
        var label = $"{yTitle} over {xTitle}. {string.Join(" ", _curves.Select(curve => curve.InWords()))}";
        _svg.Add($"<svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{label}\">");
        Axes(xTitle, yTitle);
        if (level is { } line && line.Y <= _y.High)
        {
            _svg.Add($"<line class=\"level\" x1=\"{Left}\" x2=\"{Right}\" y1=\"{Y(line.Y)}\" y2=\"{Y(line.Y)}\"/>");
            _svg.Add($"<text class=\"end\" x=\"{Right - 4}\" y=\"{Y(line.Y) - 5}\">{line.Name}</text>");
        }

        Lines();
        _svg.Add($"</svg>");
        Legend();
        return _svg.ToHtml();
    }

    /// <summary>The lines, in an inner picture that cuts off what lies above the axis.</summary>
    private void Lines()
    {
        var (width, height) = (Right - Left, Bottom - Top);
        _svg.Add($"<svg x=\"{Left}\" y=\"{Top}\" width=\"{width}\" height=\"{height}\" ");
        _svg.Add($"viewBox=\"{Left} {Top} {width} {height}\">");
        for (var i = 0; i < _curves.Count; i++)
        {
            var points = string.Join(
                ' ', _curves[i].Points.Select(p => FormattableString.Invariant($"{X(p.X)},{Y(p.Y)}")));
            _svg.Add($"<polyline {Stroke(i)} points=\"{points}\"/>");
        }

        for (var i = 0; i < _curves.Count; i++)
        {
            if (_curves[i] is { MarksLowest: true, Points: { Count: > 0 } points, Name: var name })
            {
                var (x, y) = points.MinBy(point => point.Y);
                _svg.Add($"<circle style=\"fill:{Colour(i)}\" cx=\"{X(x)}\" cy=\"{Y(y)}\" r=\"4.5\">");
                _svg.Add($"<title>{name}: best, {y:0.###} at {x:0.#}</title></circle>");
            }
        }

        _svg.Add($"</svg>");
    }

    private void Legend()
    {
        _svg.Add($"<ul class=\"legend\">");
        for (var i = 0; i < _curves.Count; i++)
        {
            _svg.Add($"<li><svg viewBox=\"0 0 24 6\" aria-hidden=\"true\"><line x2=\"24\" y1=\"3\" y2=\"3\" ");
            _svg.Add($"{Stroke(i)}/></svg>{_curves[i].Name}</li>");
        }

        _svg.Add($"</ul>");
    }

    private void Axes(string xTitle, string yTitle)
    {
        foreach (var y in Ticks.Between(_y.Low, _y.High, 6))
        {
            _svg.Add($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Right}\" y1=\"{Y(y)}\" y2=\"{Y(y)}\"/>");
            _svg.Add($"<text class=\"end\" x=\"{Left - 6}\" y=\"{Y(y) + 4}\">{Math.Round(y, 9)}</text>");
        }

        foreach (var x in Ticks.Between(_x.Low, _x.High, 7))
        {
            _svg.Add($"<text class=\"middle\" x=\"{X(x)}\" y=\"{Bottom + 18}\">{Math.Round(x, 9)}</text>");
        }

        _svg.Add($"<text class=\"middle\" x=\"{(Left + Right) / 2}\" y=\"{Bottom + 38}\">{xTitle}</text>");
        _svg.Add($"<text class=\"middle\" transform=\"translate(19 {(Top + Bottom) / 2}) rotate(-90)\">");
        _svg.Add($"{yTitle}</text>");
    }

    /// <summary>
    /// From the best value to the worst after a tenth of the run: what comes before would flatten the rest.
    /// </summary>
    private static (double Low, double High) Range(IReadOnlyList<Curve> curves, double? level)
    {
        if (curves.Count == 0)
        {
            return (0, 1);
        }

        var low = curves.Min(curve => curve.Points.Min(p => p.Y));
        var high = curves.Max(curve => curve.Points.Skip(curve.Points.Count / 10).Max(p => p.Y));
        if (level is { } y && double.IsFinite(y) && y < high + (high - low))
        {
            (low, high) = (Math.Min(low, y), Math.Max(high, y));
        }

        var margin = Math.Max(0.04 * (high - low), 1e-6);
        return (low - margin, high + margin);
    }

    private double X(double x) =>
        Math.Round(Left + (x - _x.Low) / Math.Max(_x.High - _x.Low, 1e-9) * (Right - Left), 1);

    private double Y(double y) => Math.Round(Bottom - (y - _y.Low) / (_y.High - _y.Low) * (Bottom - Top), 1);

    private Html Stroke(int series)
    {
        if (_curves[series].IsReference)
        {
            return Html.Of($"class=\"reference\"");
        }

        var dash = s_dashes[series / Colours % s_dashes.Length];
        var dashes = dash.Length == 0 ? "" : $";stroke-dasharray:{dash}";
        return Html.Of($"style=\"stroke:{Colour(series)}{dashes}\"");
    }

    private static string Colour(int series) => $"var(--series-{series % Colours})";
}
