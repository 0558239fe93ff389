using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>Points of a density from raw items: dequantized, or with Gaussian noise.</summary>
internal static class GaussianNoise
{
    /// <summary>Fresh points in the dtype of the flow, where the items are.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="items">Raw items.</param>
    /// <param name="generator">What the noise is drawn from.</param>
    /// <param name="deviation">The deviation of Gaussian noise; 0 for dequantization, where the flow has
    /// levels.</param>
    public static Tensor Points(Flow flow, Tensor items, Generator generator, double deviation)
    {
        if (deviation == 0)
        {
            return flow.Dequantize(items, generator);
        }

        using var scope = NewDisposeScope();
        var points = items.to(flow.Dtype);
        var centred = flow.Levels is null ? points : points + 0.5;
        var noise = randn(items.shape, flow.Dtype, items.device, generator: generator);
        return (centred + deviation * noise).MoveToOuterDisposeScope();
    }

    /// <summary>Stops a flow that cannot be the density of points with noise.</summary>
    /// <exception cref="ArgumentException">The deviation is out of range, or the flow is not an exact density on all
    /// reals.</exception>
    public static void Check(string whose, Flow flow, double deviation)
    {
        if (!(deviation >= 0 && double.IsFinite(deviation)))
        {
            throw new ArgumentException($"{whose}: expected noise of a deviation of 0 or more, got {deviation}.");
        }

        if (deviation > 0 && !(flow.HasExactLogProb && flow.Support.Equals(Domain.Real)))
        {
            throw new ArgumentException(
                $"{whose}: expected an exact density on all reals for items with Gaussian noise, got {flow} on "
                + $"{flow.Support}; leave out the logit, as centred=true does in TarFlow, and learned dequantization.");
        }
    }
}
