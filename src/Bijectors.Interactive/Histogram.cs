using Bijectors.Cli;

namespace Bijectors.Interactive;

/// <summary>How often numbers of a row lie in parts of equal width between the least and the greatest.</summary>
internal static class Histogram
{
    /// <summary>Fewer numbers are better read than counted.</summary>
    public const int LeastValues = 20;

    private const int Width = 480;
    private const int Height = 140;
    private const int AxisHeight = 20;
    private const int MostParts = 40;

    /// <summary>Bars over an axis, as an inline SVG.</summary>
    /// <param name="values">Numbers, at least two of which differ.</param>
    public static Html Draw(TensorValues values)
    {
        var counts = Counts(values);
        var (part, most) = ((double)Width / counts.Length, counts.Max());
        var svg = new Svg();
        svg.Add($"<svg class=\"chart\" viewBox=\"0 0 {Width} {Height + AxisHeight}\" role=\"img\" ");
        svg.Add($"aria-label=\"histogram\">");
        for (var i = 0; i < counts.Length; i++)
        {
            var height = (double)Height * counts[i] / most;
            svg.Add($"<rect class=\"bar\" x=\"{i * part:f2}\" y=\"{Height - height:f2}\" ");
            svg.Add($"width=\"{part - 1:f2}\" height=\"{height:f2}\"><title>{counts[i]}</title></rect>");
        }

        foreach (var tick in Ticks.Between(values.Least, values.Greatest, 6))
        {
            var x = (tick - values.Least) / (values.Greatest - values.Least) * Width;
            svg.Add($"<text class=\"middle\" x=\"{x:f1}\" y=\"{Height + 15}\">{Math.Round(tick, 9)}</text>");
        }

        svg.Add($"</svg>");
        return svg.ToHtml();
    }

    private static int[] Counts(TensorValues values)
    {
        var counts = new int[Math.Clamp((int)Math.Sqrt(values.Numbers.Length), 5, MostParts)];
        foreach (var number in values.Numbers.Where(double.IsFinite))
        {
            var share = (number - values.Least) / (values.Greatest - values.Least);
            counts[Math.Min(counts.Length - 1, (int)(share * counts.Length))]++;
        }

        return counts;
    }
}
