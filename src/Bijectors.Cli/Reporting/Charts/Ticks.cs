namespace Bijectors.Cli;

/// <summary>Round numbers along an axis.</summary>
internal static class Ticks
{
    /// <summary>
    /// Multiples of 1, 2 or 5 times a power of ten from <paramref name="low"/> to <paramref name="high"/>.
    /// </summary>
    public static IReadOnlyList<double> Between(double low, double high, int about)
    {
        var raw = Math.Max((high - low) / about, 1e-12);
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = power * (raw / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        var first = (long)Math.Ceiling(low / step - 1e-9);
        var last = (long)Math.Floor(high / step + 1e-9);
        return [.. Enumerable.Range(0, (int)Math.Max(0, last - first + 1)).Select(i => (first + i) * step)];
    }
}
