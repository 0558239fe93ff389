using Bijectors.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.ZooPage;

/// <summary>Two moons and their density, so that a model is measured against the truth.</summary>
internal static class TwoMoons
{
    private const int Nodes = 1_000;
    private const double Deviation = 0.1;

    public static Dataset Data { get; } = Datasets.Toy("moons", count: 20_000);

    /// <summary>
    /// log p(x), or log p(x | moon): the mean over t in (0, pi) of normal densities around the half circle, by the
    /// midpoint rule, whose error at these widths is far below float64.
    /// </summary>
    /// <param name="points"><c>(N, 2)</c></param>
    /// <param name="moon">Which moon each is of, <c>(N)</c>; null for a mixture of both.</param>
    public static Tensor LogProb(Tensor points, Tensor? moon)
    {
        using var scope = NewDisposeScope();
        var t = (arange(Nodes, ScalarType.Float64) + 0.5) * (Math.PI / Nodes);
        var x = points.to(ScalarType.Float64).unsqueeze(1);
        var (upper, lower) = (Along(cos(t), sin(t)), Along(1 - cos(t), 0.5 - sin(t)));
        var result = moon is null ? logaddexp(upper, lower) - Math.Log(2) : where(moon == 0, upper, lower);
        return result.MoveToOuterDisposeScope();

        Tensor Along(Tensor first, Tensor second)
        {
            var squares = (x - stack([first, second], 1)).square().sum(-1) / (2 * Deviation * Deviation);
            return (-squares).logsumexp(1) - Math.Log(Nodes) - Math.Log(2 * Math.PI * Deviation * Deviation);
        }
    }
}
