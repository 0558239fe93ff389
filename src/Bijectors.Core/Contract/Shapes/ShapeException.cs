namespace Bijectors;

/// <summary>
/// A tensor or a declared shape does not fit. The message says whose, what was expected and what came:
/// <c>Chain[2] (Affine): expected last dimension 4, got 3.</c>
/// </summary>
public sealed class ShapeException : ArgumentException
{
    /// <summary>An exception of one bijector, not yet placed in a chain.</summary>
    /// <param name="whose">The bijector or function that complains.</param>
    /// <param name="expected">What it expected: <c>expected an image (channels, height, width)</c>.</param>
    /// <param name="got">What came instead: <c>got (3, 5)</c>.</param>
    public ShapeException(string whose, string expected, string got)
        : this([], whose, expected, got, null)
    {
    }

    private ShapeException(IReadOnlyList<string> places, string whose, string expected, string got, Exception? inner)
        : base($"{Place(places, whose)}: {expected}, {got}.", inner)
    {
        Places = places;
        Whose = whose;
        Expected = expected;
        Got = got;
    }

    /// <summary>Where the bijector is, outermost first: <c>Chain[2]</c>, <c>Along(-1)</c>.</summary>
    public IReadOnlyList<string> Places { get; }

    /// <summary>The bijector or function that complains.</summary>
    public string Whose { get; }

    /// <summary>What was expected.</summary>
    public string Expected { get; }

    /// <summary>What came instead.</summary>
    public string Got { get; }

    /// <summary>The same complaint seen from one level further out.</summary>
    /// <param name="place">The place of the complaining bijector in the outer one: <c>Chain[2]</c>.</param>
    public ShapeException At(string place) => new([place, .. Places], Whose, Expected, Got, this);

    private static string Place(IReadOnlyList<string> places, string whose) =>
        places.Count == 0 ? whose : $"{string.Join(" > ", places)} ({whose})";
}
