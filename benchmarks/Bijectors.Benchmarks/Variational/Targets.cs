using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Variational;

/// <summary>Densities whose constant is known, so that <c>E_q[log q - log p]</c> is the divergence itself.</summary>
internal static class Targets
{
    public static (string Name, int Dimensions, Func<Tensor, Tensor> LogDensity)[] All { get; } =
    [
        ("banana", 2, Banana), ("funnel", 5, Funnel),
    ];

    /// <summary><c>x1 ~ N(0, 1)</c>, <c>x2 ~ N(x1^2, 0.3^2)</c>.</summary>
    private static Tensor Banana(Tensor x)
    {
        var (first, second) = (x[.., 0], x[.., 1]);
        return Normal(first, zeros_like(first)) + Normal(second - first * first, full_like(first, Math.Log(0.3)));
    }

    /// <summary>Neal's funnel, <c>v ~ N(0, 3^2)</c> and four more <c>N(0, e^v)</c>.</summary>
    private static Tensor Funnel(Tensor x)
    {
        var (neck, rest) = (x[.., 0], x[.., TensorIndex.Slice(1)]);
        return Normal(neck, full_like(neck, Math.Log(3)))
            + Normal(rest, (neck / 2).unsqueeze(-1).expand_as(rest)).sum(-1);
    }

    private static Tensor Normal(Tensor x, Tensor logDeviation) =>
        -0.5 * (x / logDeviation.exp()).square() - logDeviation - 0.5 * Math.Log(2 * Math.PI);
}
