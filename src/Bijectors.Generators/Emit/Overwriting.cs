using Bijectors.Generators.Invert;

namespace Bijectors.Generators.Emit;

/// <summary>
/// Which maps may write their result over the point that they map: a temporary that the line before made, and that
/// nobody else reads. The emitted code does so only where no graph is recorded, which it asks when it runs.
/// </summary>
internal sealed class Overwriting(ForwardModel model, bool withLogDet)
{
    private static readonly HashSet<string> s_functions =
    [
        "exp", "log", "expm1", "log1p", "reciprocal", "sqrt", "sigmoid", "tanh", "atanh", "sinh", "asinh", "erf",
        "cosh", "acosh", "atan", "tan", "asin", "sin", "rsqrt", "log2", "log10",
    ];

    private readonly HashSet<int> _read = [.. model.Values.OfType<PartRead>().Select(read => read.Part)];

    /// <summary>
    /// A map as a call that overwrites its point, with the holes of <see cref="Primitive"/>; null where it must not, or
    /// torch has no such call.
    /// </summary>
    /// <param name="before">The instructions before it in the same block.</param>
    /// <param name="map">The map.</param>
    public string? Of(IEnumerable<Instruction> before, Compute map)
    {
        var (point, hole, other) = map.MakesY ? (map.X, "{x}", "{y}") : (map.Y, "{y}", "{x}");

        // What another bijector, a move of elements or the caller made may share its memory with
        // something that lives on.
        var maker =
            before.OfType<Compute>().FirstOrDefault(earlier => (earlier.MakesY ? earlier.Y : earlier.X) == point);
        if (maker is null || _read.Contains(point))
        {
            return null;
        }

        var slopeReadsBoth = map.Slope?.Contains(hole) == true && map.Slope.Contains(other);
        return withLogDet && (slopeReadsBoth || IsShared(maker, maker.MakesY ? "{y}" : "{x}") || IsShared(map, hole))
            ? null
            : Call(map.Template, hole);
    }

    /// <summary>
    /// Whether the log-slope is the point itself: its sum over an event of no dimensions is a view of it.
    /// </summary>
    private static bool IsShared(Compute map, string hole) => map.Slope == hole;

    private static string? Call(string template, string hole)
    {
        var shape = template.Replace(hole, "{}");
        var function = shape.StartsWith("torch.", StringComparison.Ordinal)
            && shape.EndsWith("({})", StringComparison.Ordinal)
            ? shape.Substring(6, shape.Length - 10) : "";
        return shape switch
        {
            "{} + {k}" or "{k} + {}" => hole + ".add_({k})",
            "{} - {k}" => hole + ".sub_({k})",
            "{} * {k}" or "{k} * {}" => hole + ".mul_({k})",
            "{} / {k}" => hole + ".div_({k})",
            "-{}" => hole + ".neg_()",
            "{}.erfinv()" => hole + ".erfinv_()",
            "torch.square({})" => $"{hole}.mul_({hole})",
            _ => s_functions.Contains(function) ? $"{hole}.{function}_()" : null,
        };
    }
}
