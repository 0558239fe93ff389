using System.Globalization;

namespace Bijectors.Testing.RandomFlows;

/// <summary>Values as C# expressions.</summary>
internal static class Text
{
    public static string Of(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    public static string Of(Shape shape) => shape.Rank switch
    {
        0 => "Shape.Scalar",
        1 => $"Shape.Vector({shape[0]})",
        3 => $"Shape.Image({shape[0]}, {shape[1]}, {shape[2]})",
        _ => $"Shape.Of({string.Join(", ", shape.ToArray())})",
    };

    public static string Of(IEnumerable<long> order) => $"[{string.Join(", ", order)}]";

    /// <summary>A call without the arguments that are left to their defaults.</summary>
    public static string Call(string name, params IEnumerable<string?> arguments) =>
        $"{name}({string.Join(", ", arguments.Where(a => a is not null))})";
}
