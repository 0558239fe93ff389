using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>
/// Whether a run had converged. It had not where its lowest validation loss lies in the last tenth of its steps and a
/// straight line through the last quarter falls by more than twice the standard error of its slope; the line takes the
/// last three validations where the quarter holds fewer, and a run with fewer than three says nothing for itself.
/// </summary>
internal static class ValidationTrend
{
    private const double LastTenth = 0.9;
    private const double LastQuarter = 0.75;
    private const int FewestPoints = 3;

    /// <returns>True where nothing says that the run still improved at its end; null without validation.</returns>
    public static bool? HadConverged(IReadOnlyList<EpochRecord> history)
    {
        var points = history.Where(record => record.ValidationLoss is { } loss && double.IsFinite(loss))
            .Select(record => (X: (double)record.Step, Y: record.ValidationLoss!.Value)).ToList();
        if (points.Count < FewestPoints)
        {
            return history.Any(record => record.ValidationLoss is not null) ? false : null;
        }

        var end = history[^1].Step;
        var count = Math.Max(FewestPoints, points.Count(point => point.X >= LastQuarter * end));
        return points.MinBy(point => point.Y).X <= LastTenth * end || !Falls(points[^count..]);
    }

    /// <summary>True where the least-squares line falls by more than twice the standard error of its slope.</summary>
    private static bool Falls(List<(double X, double Y)> points)
    {
        var (x, y) = (points.Average(point => point.X), points.Average(point => point.Y));
        var spread = points.Sum(point => (point.X - x) * (point.X - x));
        var slope = points.Sum(point => (point.X - x) * (point.Y - y)) / spread;
        var residual = points.Sum(point => Math.Pow(point.Y - y - slope * (point.X - x), 2));
        return -slope > LossDifference.Threshold * Math.Sqrt(residual / (points.Count - 2) / spread);
    }
}
