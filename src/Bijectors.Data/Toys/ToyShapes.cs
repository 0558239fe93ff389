using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>
/// The toys by name. A toy draws <c>(count, 2)</c> points, and the component of each where there are components.
/// </summary>
internal static class ToyShapes
{
    private static readonly (string Name, Func<int, Generator, (Tensor Points, Tensor? Labels)> Draw)[] All =
    [
        ("moons", Moons.Draw),
        ("circles", Circles.Draw),
        ("eight-gaussians", EightGaussians.Draw),
        ("checkerboard", Checkerboard.Draw),
        ("pinwheel", Pinwheel.Draw),
        ("spirals", Spirals.Draw),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(toy => toy.Name)];

    public static Dataset Open(string name, int count, int seed)
    {
        if (All.FirstOrDefault(toy => toy.Name == name) is not { Draw: { } draw })
        {
            throw new DataException("Toy", $"one of {string.Join(", ", Names)}", $"'{name}'");
        }

        if (count < 3)
        {
            throw new DataException(name, "at least 3 points, one for each part", $"{count}");
        }

        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var (points, labels) = draw(count, generator);
        return SplitItems.Deal(name, points, Split.Usual, seed, null, labels);
    }
}
