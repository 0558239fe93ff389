namespace Bijectors.Testing;

/// <summary>Errors of many points, each point counting with its worst entry.</summary>
/// <param name="Worst">The largest; infinite where a value that is not finite came back, NaN where there are
/// no points.</param>
/// <param name="Median">What half of the points stay below; NaN where there are no points.</param>
public readonly record struct Errors(double Worst, double Median)
{
    internal static Errors Of(IEnumerable<double> errors)
    {
        var sorted = errors.Order().ToArray();
        return sorted.Length == 0 ? new(double.NaN, double.NaN) : new(sorted[^1], sorted[(sorted.Length - 1) / 2]);
    }
}
