using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Frozen;

/// <summary>Bijectors and flows with weights as after some training: new ones are almost the identity.</summary>
internal static class Trained
{
    public static Bijector Bijector(Bijector f) => Moved(f);

    public static Flow Flow(Flow flow, double deviation = 0.1) => Moved(flow, deviation);

    /// <summary>The largest difference, relative to 1 and the size of the expected value.</summary>
    public static double Difference(Tensor expected, Tensor got)
    {
        Assert.Equal(expected.shape, got.shape);
        using var scope = NewDisposeScope();
        return ((expected - got).abs() / (1 + expected.abs())).max().ToDouble();
    }

    private static T Moved<T>(T module, double deviation = 0.1)
        where T : nn.Module
    {
        using var leaving = no_grad();
        using var generator = new Generator(7);
        foreach (var parameter in module.parameters())
        {
            using var noise = randn(parameter.shape, parameter.dtype, generator: generator);
            parameter.add_(noise, alpha: deviation);
        }

        return module;
    }
}
