using Bijectors.Testing;

namespace Bijectors.Cli;

/// <summary>
/// How far the log-det that a flow computes is from that of its Jacobian by automatic differentiation:
/// the largest <c>|log-det - slogdet(J)| / D</c> at a few points, all in the flow's own dtype. Of an estimated log-det
/// the mean of some draws is taken.
/// </summary>
internal static class LogDetError
{
    // One backward pass for each dimension: beyond this many it takes minutes.
    private const long MostDimensions = 1024;
    private const long Points = 4;

    /// <summary>How many estimates of a log-det are averaged.</summary>
    public const int Draws = 100;

    /// <returns>The error in nats per dimension, and the largest standard error of what is estimated; null where there
    /// are too many dimensions to measure it.</returns>
    public static (double Error, double StandardError)? Of(Flow flow, Tensor items, Tensor? context, int seed)
    {
        var size = flow.EventShape.Size;
        if (size > MostDimensions)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var count = Math.Min(Points, items.shape[0]);
        var points = flow.Dequantize(items.narrow(0, 0, count), generator);
        var given = context?.narrow(0, 0, count);
        var (logDet, error) = flow.Transform.HasRandomLogDet
            ? flow.Transform.EstimateLogDet(points, flow.Embed(given), Draws, flow.EventShape.Rank)
            : (flow.Encode(points, given).LogDet, zeros(1));
        var jacobian = Jacobians.Of(x => flow.Encode(x, given).Z.flatten(1), points, flow.EventShape.Rank, 1);
        var (from, onto, z) = (flow.Transform.Domain, flow.Transform.Codomain, flow.Encode(points, given).Z);
        var exact = Jacobians.LogAbsDet(jacobian, from, points, onto, z);
        var off = (logDet - exact).abs().max() / size;
        return (off.ToDouble(), (error.max() / size).ToDouble());
    }
}
