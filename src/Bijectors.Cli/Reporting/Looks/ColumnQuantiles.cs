using System.Globalization;

namespace Bijectors.Cli;

/// <summary>The 5, 25, 50, 75 and 95 % quantiles of one column.</summary>
/// <param name="Values">The quantiles, in rising order; NaN where no value is finite.</param>
internal sealed record ColumnQuantiles(IReadOnlyList<double> Values)
{
    private static readonly double[] s_levels = [0.05, 0.25, 0.5, 0.75, 0.95];

    public bool IsFinite => Values.All(double.IsFinite);

    /// <summary>The quantiles of each column of items <c>(N, D)</c>, of the values that are finite, with linear
    /// interpolation between neighbours.</summary>
    public static IReadOnlyList<ColumnQuantiles> Of(Tensor items)
    {
        using var scope = NewDisposeScope();
        var (count, columns) = ((int)items.shape[0], items.to(ScalarType.Float64, CPU).transpose(0, 1).contiguous());
        var values = columns.data<double>().ToArray();
        return [.. Enumerable.Range(0, (int)items.shape[1])
            .Select(column => Of([.. values.AsSpan(column * count, count).ToArray().Where(double.IsFinite).Order()]))];
    }

    /// <summary>Where a value lies between the first and the last quantile: 0 at the first, 1 at the last.</summary>
    public double Place(double value) =>
        Values[^1] > Values[0] ? (value - Values[0]) / (Values[^1] - Values[0]) : value.CompareTo(Values[0]) + 0.5;

    public override string ToString() => IsFinite
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"median {Values[2]:G4}, half within {Values[1]:G4} to {Values[3]:G4}, "
            + $"90 % within {Values[0]:G4} to {Values[4]:G4}")
        : "not finite";

    private static ColumnQuantiles Of(double[] sorted) => new([.. s_levels.Select(level => At(sorted, level))]);

    private static double At(double[] sorted, double level)
    {
        if (sorted.Length == 0)
        {
            return double.NaN;
        }

        var place = level * (sorted.Length - 1);
        var low = (int)place;
        var high = Math.Min(low + 1, sorted.Length - 1);
        return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
    }
}
