using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>How usual log-densities are: the share of the validation items of the training whose log-density is
/// smaller.</summary>
internal static class Quantiles
{
    /// <summary>Stops where a model does not say how usual a log-density is.</summary>
    /// <exception cref="UserException">It does not keep log-densities.</exception>
    public static void Check(SavedModel saved)
    {
        if (saved.LogDensities is not { Count: > 0 })
        {
            throw new UserException(
                $"--quantile: expected a model that keeps log-densities of its validation items, got {saved.Title} "
                + "without; train it with this version.");
        }
    }

    /// <summary>The share for each log-density, 0 to 1.</summary>
    /// <param name="table">The log-densities that the model keeps, in rising order.</param>
    /// <param name="logDensities">Those of rows.</param>
    public static IReadOnlyList<double> Of(IReadOnlyList<double> table, IReadOnlyList<double> logDensities)
    {
        var sorted = table.ToArray();
        return [.. logDensities.Select(value => double.IsNaN(value)
            ? double.NaN : Below(sorted, value) / (double)sorted.Length)];
    }

    private static int Below(double[] sorted, double value)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
