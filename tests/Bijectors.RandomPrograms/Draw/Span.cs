using static System.Math;

namespace Bijectors.RandomPrograms.Draw;

/// <summary>The open interval that a part's entries lie in.</summary>
internal readonly record struct Span(double Low, double High)
{
    public static readonly Span Real = new(double.NegativeInfinity, double.PositiveInfinity);
    public static readonly Span Positive = new(0, double.PositiveInfinity);
    public static readonly Span Unit = new(0, 1);
    public static readonly Span Symmetric = new(-1, 1);
    public static readonly Span AboveOne = new(1, double.PositiveInfinity);
    public static readonly Span AboveMinusOne = new(-1, double.PositiveInfinity);

    /// <summary>The spans from which every other can be reached by a function of the table.</summary>
    public bool IsCanonical =>
        this == Real || this == Positive || this == Unit || this == Symmetric || this == AboveMinusOne;

    /// <summary>
    /// Whether the ends are infinite or short binary fractions, so that shifting and scaling by literals stays exact.
    /// </summary>
    public bool IsExact => IsShort(Low) && IsShort(High);

    public bool Holds(Span other) => Low <= other.Low && other.High <= High;

    public Span Meet(Span other) => new(Max(Low, other.Low), Min(High, other.High));

    /// <summary>The image under a monotone map.</summary>
    public Span Through(Func<double, double> map)
    {
        var (a, b) = (map(Low), map(High));
        return b < a ? new(b, a) : new(a, b);
    }

    /// <summary>Points as the laws sample them: a few near the middle first, then the far ones.</summary>
    public IReadOnlyList<double> Samples()
    {
        var (low, high) = (Low, High);
        return (double.IsInfinity(low), double.IsInfinity(high)) switch
        {
            (true, true) => [0.3, -0.4, 1.4, -1.3, 3.1, -2.9, 5, -5, 8.5, -8.5],
            (false, true) => [low + 1, low + 0.6, low + 2, low + 0.3, low + 0.1, low + 10, low + 0.02, low + 50],
            (true, false) =>
                [high - 1, high - 0.6, high - 2, high - 0.3, high - 0.1, high - 10, high - 0.02, high - 50],
            _ => [.. new[] { 0.5, 0.35, 0.7, 0.2, 0.85, 0.1, 0.95, 0.99, 0.01 }.Select(u => low + (u * (high - low)))],
        };
    }

    private static bool IsShort(double end) =>
        double.IsInfinity(end) || (Abs(end) <= 64 && end * 64 == Round(end * 64));
}
