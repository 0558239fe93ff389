using Bijectors.Cli;
using static TorchSharp.torch;

namespace Bijectors.Interactive;

/// <summary>
/// A tensor as its shape, dtype and device, what its values are like, and a picture: numbers in a row as a histogram,
/// what looks like an image as one.
/// </summary>
internal static class TensorHtml
{
    // Values are copied to be looked at; of more numbers than these only the shape is shown.
    private const long MostValues = 1 << 24;

    /// <summary>The table of facts, and the picture where there is one.</summary>
    /// <param name="tensor">The tensor; one that was disposed is shown as such.</param>
    public static Html Of(Tensor tensor)
    {
        if (tensor.IsInvalid)
        {
            return Markup.Block(Markup.Line("a tensor that was disposed"));
        }

        string[] head = ["shape", "dtype", "device"];
        string[] facts = [$"({string.Join(", ", tensor.shape)})", $"{tensor.dtype}", $"{tensor.device}"];
        if (!HasValues(tensor))
        {
            return Markup.Block(Markup.Table(head, [facts]));
        }

        var values = TensorValues.Of(tensor);
        string[] summary =
            [Number(values.Least), Number(values.Mean), Number(values.Greatest), $"{values.NotFinite}"];
        return Markup.Block(
            Markup.Table([.. head, "least", "mean", "greatest", "not finite"], [[.. facts, .. summary]]),
            Picture(values),
            Markup.Table([], Corner(values)));
    }

    private static bool HasValues(Tensor tensor) =>
        tensor.numel() is > 0 and <= MostValues && !tensor.is_sparse && !tensor.is_complex()
        && tensor.device_type != TorchSharp.DeviceType.META;

    private static Html Picture(TensorValues values) =>
        values.AsImage() is { } png
            ? new($"<img alt=\"the values as a picture\" src=\"data:image/png;base64,{Convert.ToBase64String(png)}\">")
            : values.Shape is [>= Histogram.LeastValues] && values.Least < values.Greatest
                ? Histogram.Draw(values)
                : Html.None;

    /// <summary>The first numbers of the first rows; the last dimension is a row.</summary>
    private static IEnumerable<IEnumerable<string>> Corner(TensorValues values)
    {
        const int most = 6;
        var width = values.Shape.Length == 0 ? 1 : (int)values.Shape[^1];
        var rows = values.Numbers.Length / width;
        for (var row = 0; row < Math.Min(rows, most); row++)
        {
            var shown = values.Numbers.Skip(row * width).Take(Math.Min(width, most)).Select(Number);
            yield return width > most ? shown.Append("...") : shown;
        }

        if (rows > most)
        {
            yield return ["..."];
        }
    }

    private static string Number(double number) => FormattableString.Invariant($"{number:G4}");
}
